/*
 * report: what a build has found, in words.
 */
#ifndef DAEMON_REPORT_H
#define DAEMON_REPORT_H

#include "daemon/build.h"

/* Each complaint as one line, errors for what was skipped. */
void report_log_complaints(const struct complaints *all);
/* "98 articles: 92 public, 3 draft, 1 scheduled, 2 skipped; 4 undated (see content.undated)" */
void report_put_articles(const struct build_report *report, struct buf *out);
/* Why the feeds are empty, and what comes soon: perhaps a date was meant in another zone. */
void report_log_outlook(const struct build_report *report, const char *timezone, int64_t now);
/* What --adopt has placed, and each entry that it could not place, with what to do. */
void report_log_asked(const struct library_asked *asked, bool dry);
/* What so many are: "feed", "feeds", or "documents" where some of them are pages. */
const char *report_documents(const struct config *config, size_t number);

#endif
