#include "feeds/format/words.h"

static const struct words languages[] = {
    {"en", {"Feeds", "All feeds", "Subscribe",
	       "Copy an address into your feed reader, and new entries come to you by themselves.",
	       "Entries", "There are no entries yet.",
	       "All of these feeds in one file, for the import of a feed reader.", "More", "Tags",
	       "Categories", "Sections", "Authors", "Languages"}},
    {"de",
	{"Feeds", "Alle Feeds", "Abonnieren",
	    "Kopieren Sie eine Adresse in Ihren Feedreader, und neue Einträge kommen von selbst.",
	    "Einträge", "Es gibt noch keine Einträge.",
	    "Alle diese Feeds in einer Datei, für den Import eines Feedreaders.", "Weitere",
	    "Schlagwörter", "Kategorien", "Bereiche", "Autoren", "Sprachen"}},
    {"fr", {"Flux", "Tous les flux", "S’abonner",
	       "Copiez une adresse dans votre lecteur de flux : les nouveaux articles y arrivent.",
	       "Articles", "Il n’y a pas encore d’articles.",
	       "Tous ces flux dans un seul fichier, à importer dans un lecteur de flux.", "Autres",
	       "Étiquettes", "Catégories", "Rubriques", "Auteurs", "Langues"}},
    {"es", {"Canales", "Todos los canales", "Suscribirse",
	       "Copie una dirección en su lector, y las entradas nuevas le llegarán por sí solas.",
	       "Entradas", "Todavía no hay entradas.",
	       "Todos estos canales en un solo archivo, para importarlo en un lector.", "Más",
	       "Etiquetas", "Categorías", "Secciones", "Autores", "Idiomas"}},
    {"ja",
	{"フィード", "すべてのフィード", "購読",
	    "アドレスをフィードリーダーにコピーすると、新しい記事が自動的に届きます。", "記事",
	    "記事はまだありません。",
	    "すべてのフィードを一つのファイルにまとめたものです。フィードリーダーに読み込めます。",
	    "その他", "タグ", "カテゴリー", "セクション", "著者", "言語"}},
    {"ar",
	{"الخلاصات", "كل الخلاصات", "اشتراك",
	    "انسخ أحد العناوين إلى قارئ الخلاصات لديك، فتصلك المقالات الجديدة تلقائيًا.", "المقالات",
	    "لا توجد مقالات بعد.", "كل هذه الخلاصات في ملف واحد لاستيراده في قارئ الخلاصات.",
	    "المزيد", "الوسوم", "التصنيفات", "الأقسام", "الكتّاب", "اللغات"}},
};

/* The tag is of this language, whatever follows. */
static bool is_of(struct slice lang, const char *primary)
{
	struct slice subtag = slice_sub(lang, 0, slice_find_byte(lang, 0, '-'));

	return slice_equal_nocase(subtag, primary);
}

static const struct words *find_words(struct slice lang)
{
	for (size_t i = 0; i < sizeof(languages) / sizeof(*languages); i++)
		if (is_of(lang, languages[i].lang))
			return &languages[i];
	return NULL;
}

const struct words *words_of(struct slice lang)
{
	const struct words *words = find_words(lang);

	return words ? words : &languages[0];
}

bool words_is_rtl(struct slice lang)
{
	static const char *const primary[] = {
	    "ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"};
	static const char *const scripts[] = {"-Arab", "-Hebr", "-Thaa"};

	if (slice_find(lang, 0, "-Latn") < lang.len || slice_find(lang, 0, "-Cyrl") < lang.len)
		return false;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++)
		if (slice_find(lang, 0, scripts[i]) < lang.len)
			return true;
	for (size_t i = 0; i < sizeof(primary) / sizeof(*primary); i++)
		if (is_of(lang, primary[i]))
			return true;
	return false;
}

void words_put_lang(struct xmlout *xml, struct slice lang)
{
	if (find_words(lang))
		return;
	xmlout_attr(xml, "lang", slice_of(languages[0].lang));
	if (words_is_rtl(lang))
		xmlout_attr(xml, "dir", SLICE("ltr"));
}

void words_put(struct xmlout *xml, const char *element, struct slice lang, enum word word)
{
	xmlout_open(xml, element);
	words_put_lang(xml, lang);
	xmlout_text(xml, slice_of(words_of(lang)->of[word]));
	xmlout_close(xml);
}
