#include "feeds/markup/htmlent.h"

#include <libxml/HTMLparser.h>
#include <stdint.h>
#include <stdlib.h>

#include "feeds/base/text.h"

enum {
	CLASSIC_SIZE = 10, /* a name with a NUL; those of HTML 4 have eight letters at most */
	DIGITS_MAX = 8,
	NAME_SIZE = 20,
	LATIN1_MAX = 255, /* names up to here may stand without ";" (HTML, 13.5) */
};

struct entity {
	char name[NAME_SIZE];
	char text[4];
};

/* Sorted by name. */
static const struct entity entities[] = {
    {"Abreve", "Ă"},
    {"Amacr", "Ā"},
    {"Aogon", "Ą"},
    {"Cacute", "Ć"},
    {"Ccaron", "Č"},
    {"Copf", "ℂ"},
    {"Dcaron", "Ď"},
    {"Dstrok", "Đ"},
    {"Ecaron", "Ě"},
    {"Emacr", "Ē"},
    {"Eogon", "Ę"},
    {"Gbreve", "Ğ"},
    {"Hstrok", "Ħ"},
    {"Idot", "İ"},
    {"Imacr", "Ī"},
    {"Lacute", "Ĺ"},
    {"Lcaron", "Ľ"},
    {"Leftarrow", "⇐"},
    {"Leftrightarrow", "⇔"},
    {"Lstrok", "Ł"},
    {"Nacute", "Ń"},
    {"Ncaron", "Ň"},
    {"NewLine", "\n"},
    {"NoBreak", "\xe2\x81\xa0"},
    {"NonBreakingSpace", "\xc2\xa0"},
    {"Nopf", "ℕ"},
    {"Odblac", "Ő"},
    {"Omacr", "Ō"},
    {"Qopf", "ℚ"},
    {"Racute", "Ŕ"},
    {"Rcaron", "Ř"},
    {"Rightarrow", "⇒"},
    {"Ropf", "ℝ"},
    {"Sacute", "Ś"},
    {"Scedil", "Ş"},
    {"Tab", "\t"},
    {"Tcaron", "Ť"},
    {"Tcedil", "Ţ"},
    {"Udblac", "Ű"},
    {"Umacr", "Ū"},
    {"Uogon", "Ų"},
    {"Uring", "Ů"},
    {"Wcirc", "Ŵ"},
    {"Ycirc", "Ŷ"},
    {"Zacute", "Ź"},
    {"Zcaron", "Ž"},
    {"Zdot", "Ż"},
    {"ZeroWidthSpace", "\xe2\x80\x8b"},
    {"Zopf", "ℤ"},
    {"abreve", "ă"},
    {"amacr", "ā"},
    {"angle", "∠"},
    {"angst", "Å"},
    {"aogon", "ą"},
    {"approx", "≈"},
    {"ast", "*"},
    {"because", "∵"},
    {"beth", "ℶ"},
    {"bigstar", "★"},
    {"blacksquare", "▪"},
    {"block", "█"},
    {"boxh", "─"},
    {"boxv", "│"},
    {"bsol", "\\"},
    {"bullet", "•"},
    {"cacute", "ć"},
    {"caret", "⁁"},
    {"ccaron", "č"},
    {"centerdot", "·"},
    {"check", "✓"},
    {"checkmark", "✓"},
    {"cir", "○"},
    {"clubsuit", "♣"},
    {"colon", ":"},
    {"comma", ","},
    {"commat", "@"},
    {"compfn", "∘"},
    {"complexes", "ℂ"},
    {"copysr", "℗"},
    {"cross", "✗"},
    {"daleth", "ℸ"},
    {"dash", "‐"},
    {"dcaron", "ď"},
    {"ddagger", "‡"},
    {"diamondsuit", "♦"},
    {"div", "÷"},
    {"dollar", "$"},
    {"downarrow", "↓"},
    {"dstrok", "đ"},
    {"dtri", "▿"},
    {"dtrif", "▾"},
    {"ecaron", "ě"},
    {"ell", "ℓ"},
    {"emacr", "ē"},
    {"emptyset", "∅"},
    {"emsp13", "\xe2\x80\x84"},
    {"emsp14", "\xe2\x80\x85"},
    {"eogon", "ę"},
    {"equals", "="},
    {"excl", "!"},
    {"female", "♀"},
    {"ffilig", "ﬃ"},
    {"fflig", "ﬀ"},
    {"ffllig", "ﬄ"},
    {"filig", "ﬁ"},
    {"fjlig", "fj"},
    {"flat", "♭"},
    {"fllig", "ﬂ"},
    {"frac13", "⅓"},
    {"frac15", "⅕"},
    {"frac16", "⅙"},
    {"frac18", "⅛"},
    {"frac23", "⅔"},
    {"frac25", "⅖"},
    {"frac35", "⅗"},
    {"frac38", "⅜"},
    {"frac45", "⅘"},
    {"frac56", "⅚"},
    {"frac58", "⅝"},
    {"frac78", "⅞"},
    {"gbreve", "ğ"},
    {"geq", "≥"},
    {"geqslant", "⩾"},
    {"gg", "≫"},
    {"gimel", "ℷ"},
    {"grave", "`"},
    {"hairsp", "\xe2\x80\x8a"},
    {"half", "½"},
    {"hbar", "ℏ"},
    {"heartsuit", "♥"},
    {"hookleftarrow", "↩"},
    {"hookrightarrow", "↪"},
    {"horbar", "―"},
    {"hslash", "ℏ"},
    {"hstrok", "ħ"},
    {"hyphen", "‐"},
    {"imacr", "ī"},
    {"imath", "ı"},
    {"in", "∈"},
    {"incare", "℅"},
    {"inodot", "ı"},
    {"integers", "ℤ"},
    {"jmath", "ȷ"},
    {"lacute", "ĺ"},
    {"larrhk", "↩"},
    {"lbarr", "⤌"},
    {"lbrace", "{"},
    {"lbrack", "["},
    {"lcaron", "ľ"},
    {"lcub", "{"},
    {"ldquor", "„"},
    {"leftarrow", "←"},
    {"leftrightarrow", "↔"},
    {"leq", "≤"},
    {"leqslant", "⩽"},
    {"ll", "≪"},
    {"longleftarrow", "⟵"},
    {"longrightarrow", "⟶"},
    {"lowbar", "_"},
    {"lpar", "("},
    {"lsqb", "["},
    {"lsquor", "‚"},
    {"lstrok", "ł"},
    {"ltri", "◃"},
    {"ltrif", "◂"},
    {"male", "♂"},
    {"malt", "✠"},
    {"maltese", "✠"},
    {"map", "↦"},
    {"mapsto", "↦"},
    {"mho", "℧"},
    {"mldr", "…"},
    {"mp", "∓"},
    {"nacute", "ń"},
    {"natural", "♮"},
    {"naturals", "ℕ"},
    {"ncaron", "ň"},
    {"nearr", "↗"},
    {"nldr", "‥"},
    {"nparallel", "∦"},
    {"num", "#"},
    {"numero", "№"},
    {"numsp", "\xe2\x80\x87"},
    {"nwarr", "↖"},
    {"odblac", "ő"},
    {"ohm", "Ω"},
    {"omacr", "ō"},
    {"parallel", "∥"},
    {"percnt", "%"},
    {"period", "."},
    {"phone", "☎"},
    {"planck", "ℏ"},
    {"plus", "+"},
    {"pm", "±"},
    {"primes", "ℙ"},
    {"puncsp", "\xe2\x80\x88"},
    {"quest", "?"},
    {"racute", "ŕ"},
    {"rarrhk", "↪"},
    {"rarrtl", "↣"},
    {"rationals", "ℚ"},
    {"rbarr", "⤍"},
    {"rbrace", "}"},
    {"rbrack", "]"},
    {"rcaron", "ř"},
    {"rcub", "}"},
    {"rdquor", "”"},
    {"reals", "ℝ"},
    {"rightarrow", "→"},
    {"rpar", ")"},
    {"rsqb", "]"},
    {"rsquor", "’"},
    {"rtri", "▹"},
    {"rtrif", "▸"},
    {"rx", "℞"},
    {"sacute", "ś"},
    {"scedil", "ş"},
    {"searr", "↘"},
    {"semi", ";"},
    {"setminus", "∖"},
    {"sharp", "♯"},
    {"smallsetminus", "∖"},
    {"sol", "/"},
    {"spadesuit", "♠"},
    {"squ", "□"},
    {"square", "□"},
    {"squf", "▪"},
    {"star", "☆"},
    {"starf", "★"},
    {"sung", "♪"},
    {"swarr", "↙"},
    {"tcaron", "ť"},
    {"tcedil", "ţ"},
    {"telrec", "⌕"},
    {"therefore", "∴"},
    {"udblac", "ű"},
    {"umacr", "ū"},
    {"uogon", "ų"},
    {"uparrow", "↑"},
    {"uring", "ů"},
    {"utri", "▵"},
    {"utrif", "▴"},
    {"varepsilon", "ϵ"},
    {"varnothing", "∅"},
    {"varphi", "ϕ"},
    {"vartheta", "ϑ"},
    {"vee", "∨"},
    {"verbar", "|"},
    {"vert", "|"},
    {"wcirc", "ŵ"},
    {"wedge", "∧"},
    {"xlarr", "⟵"},
    {"xrarr", "⟶"},
    {"ycirc", "ŷ"},
    {"zacute", "ź"},
    {"zcaron", "ž"},
    {"zdot", "ż"},
};

static int compare_name(const void *name, const void *row)
{
	return strcmp(name, ((const struct entity *)row)->name);
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* XML 1.0 production 2, to which libxml2 holds HTML too. */
static bool is_char(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0xD7FF) ||
	       (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

static int digit_value(char c, bool hex)
{
	char lower = (char)(c | 0x20);

	if (c >= '0' && c <= '9')
		return c - '0';
	return hex && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* `&#…;` */
static int put_number(struct slice s, struct buf *out)
{
	bool hex = s.len > 2 && (s.ptr[2] | 0x20) == 'x';
	size_t start = hex ? 3 : 2, end = start;
	uint32_t c = 0;

	for (; end < s.len && end - start < DIGITS_MAX && digit_value(s.ptr[end], hex) >= 0; end++)
		c = c * (hex ? 16 : 10) + (uint32_t)digit_value(s.ptr[end], hex);
	if (end == start || end == s.len || s.ptr[end] != ';' || !is_char(c))
		return HTMLENT_BROKEN;
	text_put(out, c);
	return (int)(end + 1);
}

int htmlent_put(struct slice text, struct buf *out)
{
	char name[CLASSIC_SIZE];
	const htmlEntityDesc *entity = NULL;
	size_t len = 0;

	if (text.len > 1 && text.ptr[1] == '#')
		return put_number(text, out);
	while (len < sizeof(name) - 1 && len + 1 < text.len && is_alnum(text.ptr[len + 1])) {
		name[len] = text.ptr[len + 1];
		len++;
	}
	name[len] = '\0';
	if (len > 0 && len + 1 < text.len && text.ptr[len + 1] == ';')
		entity = htmlEntityLookup((const xmlChar *)name);
	if (!entity) {
		buf_putc(out, '&');
		return 1;
	}
	text_put(out, entity->value);
	return (int)len + 2;
}

bool htmlent_put_value(struct slice value, struct buf *out)
{
	bool whole = true;

	for (size_t at = 0; at < value.len;) {
		size_t amp = slice_find_byte(value, at, '&');
		int len;

		buf_put_slice(out, slice_sub(value, at, amp));
		if (amp == value.len)
			break;
		len = htmlent_put(slice_from(value, amp), out);
		if (len == HTMLENT_BROKEN) {
			buf_putc(out, '&');
			whole = false;
			len = 1;
		}
		at = amp + (size_t)len;
	}
	return whole;
}

size_t htmlent_put_classic(struct slice text, struct buf *out)
{
	char name[NAME_SIZE];
	const struct entity *newer;
	const htmlEntityDesc *known;
	size_t len = 0;

	while (len + 1 < text.len && len < sizeof(name) - 1 && is_alnum(text.ptr[len + 1])) {
		name[len] = text.ptr[len + 1];
		len++;
	}
	name[len] = '\0';
	buf_putc(out, '&');
	if (len < 2)
		return 1; /* a number, or no reference at all */
	known = htmlEntityLookup((const xmlChar *)name);
	if (len + 1 == text.len || text.ptr[len + 1] != ';') {
		if (!known || known->value > LATIN1_MAX)
			return 1;
		buf_puts(out, name);
		buf_putc(out, ';');
		return len + 1;
	}
	newer = known ? NULL
		      : bsearch(name, entities, sizeof(entities) / sizeof(entities[0]),
			    sizeof(entities[0]), compare_name);
	if (!newer)
		return 1;
	buf_cut(out, out->len - 1);
	buf_puts(out, newer->text);
	return len + 2;
}
