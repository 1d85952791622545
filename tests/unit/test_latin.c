/* latin: other scripts in the letters of ASCII. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feeds/base/latin.h"

static void expect(const char *text, const char *latin)
{
	struct buf out = BUF_INIT;

	latin_put(&out, slice_of(text));
	assert_string_equal(buf_string(&out), latin);
	buf_free(&out);
}

/* As Unidecode 1.3 has them, which Pelican uses; Zola's deunicode is of the same tables. */
static void test_latin(void **state)
{
	(void)state;
	expect("", "");
	expect("plain, as it is: 100%", "plain, as it is: 100%");
	expect("été à l’île, naïve façade", "ete a l'ile, naive facade");
	expect("straße øre æther łódź đà ğırık þing", "strasse ore aether lodz da girik thing");
	expect("việt nǘ ṩ ﬁ", "viet nu s fi");
	expect("καλημέρα κόσμε, ψάρι ξένος", "kalemera kosme, psari xenos");
	expect("щука съела ёжика й эхо", "shchuka s'ela iozhika i ekho");
	expect("київ ґанок", "kiyiv g'anok");
	expect("e\xcc\x81te\xcc\x81", "ete");
	expect("№ 5, foo™ 𝐀", "no 5, footm a");
}

/* What has no such spelling here is not touched, not even taken apart. */
static void test_others(void **state)
{
	(void)state;
	expect("東京タワー が 한국어 שלום", "東京タワー が 한국어 שלום");
	expect("a\xff é", "a\xff e");
	expect("½ 🎉", "½ 🎉");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_latin),
	    cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests_name("latin", tests, NULL, NULL);
}
