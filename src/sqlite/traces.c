/* SPDX-License-Identifier: MIT */
/* Owns the trace callbacks of connections, and stands before the functions of SQLite that set them. */
#define _GNU_SOURCE
#include "sqlite/traces.h"
#include "sqlite/statement.h"
#include <dlfcn.h>
#include <glassbox/span.h>
#include <pthread.h>
#include <string.h>

enum { OWN_EVENTS = SQLITE_TRACE_STMT | SQLITE_TRACE_ROW | SQLITE_TRACE_PROFILE };

typedef int trace_callback(unsigned event, void *context, void *subject, void *description);
typedef int trace_v2_function(sqlite3 *db, unsigned events, trace_callback *callback, void *context);
typedef void legacy_callback(void *context, const char *sql);
typedef void *legacy_function(sqlite3 *db, legacy_callback *callback, void *context);

static pthread_mutex_t list_lock =
    PTHREAD_MUTEX_INITIALIZER; /* guards `list`; no function of SQLite is called with it */
static gbxi_sqlite_traced *list;

static trace_v2_function stand_before_trace_v2;
static legacy_function stand_before_trace;

/* Weak, so that a program that links SQLite's archive gets the archive's. */
#define STANDS_BEFORE(name) __attribute__((weak, visibility("default"), alias(#name)))
STANDS_BEFORE(stand_before_trace_v2) trace_v2_function sqlite3_trace_v2;
STANDS_BEFORE(stand_before_trace) legacy_function sqlite3_trace;

/* SQLite's own functions; NULL if there is none. */
static trace_v2_function *real_trace_v2(void)
{
    void *found;
    trace_v2_function *real = sqlite3_trace_v2;

    if (real != stand_before_trace_v2)
        return real;
    found = dlsym(RTLD_NEXT, "sqlite3_trace_v2");
    memcpy(&real, &found, sizeof(real));
    return real;
}

static legacy_function *real_trace(void)
{
    void *found = dlsym(RTLD_NEXT, "sqlite3_trace");
    legacy_function *real;

    memcpy(&real, &found, sizeof(real));
    return real;
}

bool gbxi_sqlite_knows_traces(void)
{
    void *found = dlsym(RTLD_DEFAULT, "sqlite3_trace_v2");
    trace_v2_function *first;

    memcpy(&first, &found, sizeof(first));
    return first == stand_before_trace_v2 && real_trace_v2() != NULL;
}

gbxi_sqlite_traced *gbxi_sqlite_traced_find(sqlite3 *db)
{
    gbxi_sqlite_traced *at;

    pthread_mutex_lock(&list_lock);
    at = list;
    while (at != NULL && at->db != db)
        at = at->next;
    pthread_mutex_unlock(&list_lock);
    return at;
}

/* SQLite calls this when the connection is gone, behind the last callback. */
static void forget_traced(void *memory)
{
    gbxi_sqlite_traced *traced = memory;
    gbxi_sqlite_traced **at = &list;

    pthread_mutex_lock(&list_lock);
    while (*at != NULL && *at != traced)
        at = &(*at)->next;
    if (*at != NULL)
        *at = traced->next;
    pthread_mutex_unlock(&list_lock);
    sqlite3_free(traced);
}

static void tell_attached(sqlite3_context *context, int count, sqlite3_value **values)
{
    const gbxi_sqlite_traced *traced = sqlite3_user_data(context);

    (void)count;
    (void)values;
    sqlite3_result_int(context, traced->is_attached);
}

/* A function of the connection is what SQLite gives back when the connection ends. If it cannot be made, SQLite gives
 * it back at once. */
gbxi_sqlite_traced *gbxi_sqlite_traced_get(sqlite3 *db)
{
    gbxi_sqlite_traced *traced = gbxi_sqlite_traced_find(db);

    if (traced != NULL || (traced = sqlite3_malloc64(sizeof(*traced))) == NULL)
        return traced;
    *traced = (gbxi_sqlite_traced){.db = db};
    if (sqlite3_create_function_v2(db, "glassbox_is_attached", 0, SQLITE_UTF8, traced, tell_attached, NULL, NULL,
                                   forget_traced) != SQLITE_OK)
        return NULL;
    pthread_mutex_lock(&list_lock);
    traced->next = list;
    list = traced;
    pthread_mutex_unlock(&list_lock);
    return traced;
}

static int on_trace(unsigned event, void *context, void *subject, void *description)
{
    (void)context;
    if (GBXI_CAPTURED())
        gbxi_sqlite_record(event, subject, description);
    return 0;
}

/* The program's callback is outside of the spans. */
static int on_trace_of_both(unsigned event, void *context, void *subject, void *description)
{
    const gbxi_sqlite_trace own = ((gbxi_sqlite_traced *)context)->own;
    int result = 0;

    if (event != SQLITE_TRACE_STMT)
        on_trace(event, NULL, subject, description);
    if ((own.events & event) != 0)
        result = own.call(event, own.context, subject, description);
    if (event == SQLITE_TRACE_STMT)
        on_trace(event, NULL, subject, description);
    return result;
}

int gbxi_sqlite_traced_attach(gbxi_sqlite_traced *traced, const gbxi_sqlite_trace *own)
{
    trace_v2_function *real = real_trace_v2();
    bool both = own->call != NULL && own->events != 0;
    int result;

    if (real == NULL)
        return SQLITE_ERROR;
    traced->own = both ? *own : (gbxi_sqlite_trace){0};
    result = real(traced->db, OWN_EVENTS | traced->own.events, both ? on_trace_of_both : on_trace, traced);
    traced->is_attached = result == SQLITE_OK;
    return result;
}

static int set_own(sqlite3 *db, const gbxi_sqlite_trace *own)
{
    gbxi_sqlite_traced *traced = gbxi_sqlite_traced_find(db);
    trace_v2_function *real = real_trace_v2();
    int result;

    if (traced != NULL && traced->is_attached)
        return gbxi_sqlite_traced_attach(traced, own);
    if (own->call != NULL && traced == NULL && (traced = gbxi_sqlite_traced_get(db)) == NULL)
        return SQLITE_NOMEM;
    if (real == NULL || (result = real(db, own->events, own->call, own->context)) != SQLITE_OK)
        return SQLITE_ERROR;
    if (traced != NULL) {
        traced->own = *own;
        traced->has_legacy = false;
    }
    return result;
}

/* In the place of sqlite3_trace_v2, for the whole program. */
static int stand_before_trace_v2(sqlite3 *db, unsigned events, trace_callback *callback, void *context)
{
    const gbxi_sqlite_trace own = {callback, context, events};
    sqlite3_mutex *mutex = db != NULL ? sqlite3_db_mutex(db) : NULL;
    int result;

    if (db == NULL)
        return SQLITE_MISUSE;
    sqlite3_mutex_enter(mutex);
    result = set_own(db, callback != NULL && events != 0 ? &own : &(gbxi_sqlite_trace){0});
    sqlite3_mutex_leave(mutex);
    return result;
}

/* In the place of sqlite3_trace, which takes the connection's only place: the spans of the connection end. */
static void *stand_before_trace(sqlite3 *db, legacy_callback *callback, void *context)
{
    legacy_function *real = real_trace();
    gbxi_sqlite_traced *traced = NULL;
    void *before;

    if (db == NULL || real == NULL)
        return NULL;
    sqlite3_mutex_enter(sqlite3_db_mutex(db));
    traced = callback != NULL ? gbxi_sqlite_traced_get(db) : gbxi_sqlite_traced_find(db);
    before = real(db, callback, context);
    if (traced != NULL) {
        if (traced->is_attached)
            before = traced->own.context;
        traced->own = (gbxi_sqlite_trace){0};
        traced->has_legacy = callback != NULL;
        traced->is_attached = false;
    }
    sqlite3_mutex_leave(sqlite3_db_mutex(db));
    return before;
}
