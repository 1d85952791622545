/*
 * type: what kinds of value settings take, a row each.
 *
 * A type says which TOML value it wants, in words too, and turns one into a
 * field of struct config or of a part of it. The settings (settings.h) name
 * their type; nothing else asks for one.
 */
#ifndef CONFIG_TYPE_H
#define CONFIG_TYPE_H

#include <stddef.h>
#include <stdint.h>

#include "config/reader.h"

struct setting;

struct setting_type {
	const char *name; /* "text": what stands beside the setting in the reference */
	enum value_type takes;
	/*
	 * Fill *field from a value of the type `takes`. On a value that makes no
	 * sense, complain and leave *field.
	 */
	void (*read)(struct config_reader *reader, const struct setting *setting,
	    const struct value *value, void *field);
	/* The choice with this number, NULL behind the last. NULL: it is no choice. */
	const char *(*choice)(const struct setting *setting, size_t index);
};

/* field is a: */
extern const struct setting_type type_text;   /* const char *; one line, not empty */
extern const struct setting_type type_prose;  /* const char *; any lines, may be empty */
extern const struct setting_type type_part;   /* struct slice; one line, not empty */
extern const struct setting_type type_number; /* int64_t, from min to max */
extern const struct setting_type type_choice; /* an enum: index of the choice, plus min */
extern const struct setting_type type_flags;  /* the first of a row of bool, one a choice */
extern const struct setting_type type_list;   /* struct config_list of texts */
extern const struct setting_type type_folder; /* const char * */
extern const struct setting_type type_switch; /* bool */

/* type_site.c */
extern const struct setting_type type_site_url;	  /* const char *; ends with "/" */
extern const struct setting_type type_url;	  /* const char * */
extern const struct setting_type type_person_url; /* struct slice */
extern const struct setting_type type_email;	  /* struct slice */
extern const struct setting_type type_language;	  /* const char *; BCP 47 */
extern const struct setting_type type_timezone;	  /* const char *; shaped like an IANA name */
extern const struct setting_type type_permalink;  /* const char *; presets are replaced */
extern const struct setting_type type_file;	  /* const char *; a path within output.dir */
extern const struct setting_type type_own_file;	  /* the same, without tokens */
extern const struct setting_type type_subfolder; /* the same, of a folder; without "/" at its end */

/* type_ping.c */
extern const struct setting_type type_protocol;	  /* const struct ping *; one of pings[] */
extern const struct setting_type type_credential; /* const char *; a file's name */
extern const struct setting_type type_key;	  /* const char *; IndexNow's */
extern const struct setting_type type_proxy;	  /* const char * */
extern const struct setting_type type_networks;	  /* http.allow */

/* A text of one line that is not empty; else a complaint and false. */
bool type_check_text(
    struct config_reader *reader, const struct setting *setting, const struct value *value);

/* 1 to 65535 and nothing else. */
bool type_is_port(struct slice digits);

/* A list of texts such as type_check_text takes; else a complaint and false. */
bool type_check_list(
    struct config_reader *reader, const struct setting *setting, const struct value *list);

/* The number of the choice, or -1 and a complaint. */
int type_find_choice(
    struct config_reader *reader, const struct setting *setting, const struct value *value);

/* The choices as a sentence has them: `"a", "b" or "c"`. */
void type_put_choices(const struct setting *setting, struct buf *out);

#endif
