#include "daemon/state_sql.h"

/* A step that was released is never changed. */
const char *const state_migrations[STATE_VERSION] = {
    "CREATE TABLE article(path TEXT PRIMARY KEY, size INT NOT NULL, mtime_ns INT NOT NULL,"
    " ctime_ns INT NOT NULL, inode INT NOT NULL, digest INT NOT NULL, written INT NOT NULL,"
    " sketch INT NOT NULL, id TEXT NOT NULL, url TEXT NOT NULL, title TEXT NOT NULL,"
    " section TEXT NOT NULL, lang TEXT NOT NULL, tags TEXT NOT NULL, categories TEXT NOT NULL,"
    " authors TEXT NOT NULL, published INT NOT NULL, updated INT NOT NULL, expires INT NOT NULL,"
    " first_seen INT NOT NULL, flags INT NOT NULL, visible INT NOT NULL, gone INT NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE INDEX article_gone_id ON article(id) WHERE gone <> 0;"
    "CREATE INDEX article_gone ON article(gone) WHERE gone <> 0;"
    "CREATE TABLE document(path TEXT PRIMARY KEY, feed TEXT NOT NULL, value TEXT NOT NULL,"
    " format TEXT NOT NULL, digest BLOB NOT NULL, recipe BLOB NOT NULL, size INT NOT NULL,"
    " mtime_ns INT NOT NULL, inode INT NOT NULL, entries INT NOT NULL, changed INT NOT NULL,"
    " empty_since INT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE problem(path TEXT PRIMARY KEY, line INT NOT NULL, column_ INT NOT NULL,"
    " text TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE fault(key TEXT PRIMARY KEY, text TEXT NOT NULL, since INT NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE adopted(id TEXT PRIMARY KEY, url TEXT NOT NULL, title TEXT NOT NULL,"
    " published INT NOT NULL, updated INT NOT NULL, used INT NOT NULL);"
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;",
    "CREATE TABLE target(key TEXT PRIMARY KEY, known INT NOT NULL, parked INT NOT NULL,"
    " last_sent INT NOT NULL, last_told INT NOT NULL, last_status INT NOT NULL,"
    " last_answer TEXT NOT NULL, failures INT NOT NULL, held INT NOT NULL, absent INT NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE ping(target TEXT NOT NULL, topic TEXT NOT NULL, entry INT NOT NULL,"
    " wanted BLOB NOT NULL, told BLOB NOT NULL, given_up BLOB NOT NULL, attempts INT NOT NULL,"
    " since INT NOT NULL, next_try INT NOT NULL, last_try INT NOT NULL, last_told INT NOT NULL,"
    " last_status INT NOT NULL, last_answer TEXT NOT NULL, url TEXT NOT NULL, id TEXT NOT NULL,"
    " title TEXT NOT NULL, link TEXT NOT NULL, feed TEXT NOT NULL, format TEXT NOT NULL,"
    " published INT NOT NULL, updated INT NOT NULL, PRIMARY KEY(target, topic)) WITHOUT ROWID;"
    "CREATE TABLE event(number INTEGER PRIMARY KEY AUTOINCREMENT, before BLOB NOT NULL,"
    " after BLOB NOT NULL, path TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL,"
    " url TEXT NOT NULL, old_url TEXT NOT NULL, feeds TEXT NOT NULL, published INT NOT NULL,"
    " updated INT NOT NULL, when_ INT NOT NULL);",
    "ALTER TABLE target ADD COLUMN rests INT NOT NULL DEFAULT 0;",
};

#define ARTICLE_COLUMNS                                                                            \
	"path,size,mtime_ns,ctime_ns,inode,digest,written,sketch,id,url,title,section,lang,tags,"  \
	"categories,authors,published,updated,expires,first_seen,flags,visible,gone"
#define ARTICLE_ROW    "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
#define ARTICLE_ROWS_4 ARTICLE_ROW "," ARTICLE_ROW "," ARTICLE_ROW "," ARTICLE_ROW
#define DOCUMENT_COLUMNS                                                                           \
	"path,feed,value,format,digest,recipe,size,mtime_ns,inode,entries,changed,empty_since"
#define TARGET_COLUMNS                                                                             \
	"key,known,parked,last_sent,last_told,last_status,last_answer,failures,held,rests,absent"
#define PING_COLUMNS                                                                               \
	"target,topic,entry,wanted,told,given_up,attempts,since,next_try,last_try,last_told,"      \
	"last_status,last_answer,url,id,title,link,feed,format,published,updated"
#define EVENT_COLUMNS "before,after,path,id,title,url,old_url,feeds,published,updated,when_"

const char *const state_sql[STATE_STATEMENTS] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_PUT_ARTICLE] = "REPLACE INTO article(" ARTICLE_COLUMNS ") VALUES" ARTICLE_ROW,
    [SQL_PUT_ARTICLES] = "REPLACE INTO article(" ARTICLE_COLUMNS ") VALUES" ARTICLE_ROWS_4
			 "," ARTICLE_ROWS_4 "," ARTICLE_ROWS_4 "," ARTICLE_ROWS_4,
    [SQL_SET_GONE] = "UPDATE article SET gone = ?2 WHERE path = ?1",
    [SQL_REMOVE_ARTICLE] = "DELETE FROM article WHERE path = ?1",
    [SQL_SWEEP_GONE] = "DELETE FROM article WHERE gone <> 0 AND gone < ?1",
    [SQL_ARTICLES_THERE] = "SELECT " ARTICLE_COLUMNS " FROM article WHERE gone = 0 ORDER BY path",
    /* In the order of the index; in that of paths all articles would be looked through. */
    [SQL_ARTICLES_GONE] =
	"SELECT " ARTICLE_COLUMNS " FROM article WHERE gone <> 0 ORDER BY gone DESC, path DESC",
    [SQL_HAS_GONE_ID] = "SELECT 1 FROM article WHERE id = ?1 AND gone <> 0 LIMIT 1",
    [SQL_PUT_DOCUMENT] =
	"REPLACE INTO document(" DOCUMENT_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
    [SQL_REMOVE_DOCUMENT] = "DELETE FROM document WHERE path = ?1",
    [SQL_DOCUMENTS] = "SELECT " DOCUMENT_COLUMNS " FROM document ORDER BY path",
    [SQL_PUT_PROBLEM] = "REPLACE INTO problem(path,line,column_,text) VALUES(?,?,?,?)",
    [SQL_REMOVE_PROBLEM] = "DELETE FROM problem WHERE path = ?1",
    [SQL_PROBLEMS] = "SELECT path,line,column_,text FROM problem ORDER BY path",
    [SQL_PUT_FAULT] = "INSERT INTO fault(key,text,since) VALUES(?,?,?)"
		      " ON CONFLICT(key) DO UPDATE SET text = excluded.text",
    [SQL_REMOVE_FAULT] = "DELETE FROM fault WHERE key = ?1",
    [SQL_FAULTS] = "SELECT key,text,since FROM fault ORDER BY key",
    [SQL_PUT_ADOPTED] = "INSERT INTO adopted(id,url,title,published,updated,used)"
			" VALUES(?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET url = excluded.url,"
			" title = excluded.title, published = excluded.published,"
			" updated = excluded.updated, used = excluded.used",
    [SQL_USE_ADOPTED] = "UPDATE adopted SET used = ?2 WHERE id = ?1",
    [SQL_ADOPTED] = "SELECT id,url,title,published,updated,used FROM adopted ORDER BY rowid",
    [SQL_PUT_TARGET] = "REPLACE INTO target(" TARGET_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?,?)",
    [SQL_TARGETS] = "SELECT " TARGET_COLUMNS " FROM target ORDER BY key",
    [SQL_REMOVE_TARGET] = "DELETE FROM target WHERE key = ?1",
    [SQL_PUT_PING] =
	"REPLACE INTO ping(" PING_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [SQL_REMOVE_PING] = "DELETE FROM ping WHERE target = ?1 AND topic = ?2",
    [SQL_PINGS] = "SELECT " PING_COLUMNS " FROM ping ORDER BY target, topic",
    [SQL_PINGS_OPEN] =
	"SELECT " PING_COLUMNS " FROM ping WHERE since <> 0 OR (entry = 0 AND given_up = wanted)"
	" ORDER BY target, topic",
    [SQL_PUT_EVENT] = "INSERT INTO event(" EVENT_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?,?)",
    [SQL_EVENTS] = "SELECT number," EVENT_COLUMNS " FROM event ORDER BY number",
    [SQL_REMOVE_EVENTS] = "DELETE FROM event WHERE number <= ?1",
    [SQL_PUT_META] = "REPLACE INTO meta(key,value) VALUES(?,?)",
    [SQL_REMOVE_META] = "DELETE FROM meta WHERE key = ?1",
    [SQL_GET_META] = "SELECT value FROM meta WHERE key = ?1",
};
