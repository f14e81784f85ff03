/* SPDX-License-Identifier: MIT */
/* Who did what through a store and the service that writes it: captures that were asked for, traces that were read, and
 * what was changed. It is `audit.db` beside the runs, and has the last 100,000 records.
 *
 *     gbxi_audit_open(".glassbox", &audit, &error)                     // NULL: in memory
 *     gbxi_audit_add(audit, records, count, &error)                    // all of them or none
 *     gbxi_audit_list(audit, &filter, use, context, &error)            // newest first
 *     gbxi_audit_close(audit)
 *
 * Several processes may write one file. Thread: one at a time for each opened one. */
#ifndef GBX_STORE_AUDIT_H
#define GBX_STORE_AUDIT_H

#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X(constant, number, name). Files have the numbers, so a released row stays. */
#define GBXI_AUDIT_ACTIONS(X)                                                                                          \
    X(CAPTURE, 0, "capture")         /* asked for the trace of a request */                                            \
    X(READ, 1, "read")               /* read a stored trace */                                                         \
    X(REPLAY, 2, "replay")           /* had a trace sent again */                                                      \
    X(DISCARD, 3, "discard")         /* gave up a trace that was to be sent */                                         \
    X(ACKNOWLEDGE, 4, "acknowledge") /* said that a finding is known */                                                \
    X(SWITCH, 5, "switch")           /* turned capturing on or off */                                                  \
    X(DROP, 6, "drop")               /* took an acknowledgement back */

/* X(constant, number, name) */
#define GBXI_AUDIT_RESULTS(X)                                                                                          \
    X(DONE, 0, "done")                                                                                                 \
    X(REFUSED, 1, "refused") /* there was no permission */                                                             \
    X(FAILED, 2, "failed")

#define GBXI_AUDIT_ENUM(kind, constant, number) kind##_##constant = number,
#define GBXI_AUDIT_ACTION_ENUM(constant, number, name) GBXI_AUDIT_ENUM(GBXI_AUDIT, constant, number)
#define GBXI_AUDIT_RESULT_ENUM(constant, number, name) GBXI_AUDIT_ENUM(GBXI_AUDIT_IS, constant, number)
typedef enum gbxi_audit_action { GBXI_AUDIT_ACTIONS(GBXI_AUDIT_ACTION_ENUM) GBXI_AUDIT_ACTION_COUNT } gbxi_audit_action;
typedef enum gbxi_audit_result { GBXI_AUDIT_RESULTS(GBXI_AUDIT_RESULT_ENUM) GBXI_AUDIT_RESULT_COUNT } gbxi_audit_result;

enum { GBXI_AUDIT_RECORDS_MAX = 100000, GBXI_AUDIT_KEY_BYTES = 48, GBXI_AUDIT_SUBJECT_BYTES = 256 };

/* One record. Texts are cut at a whole character. */
typedef struct gbxi_audit_record {
    uint64_t id; /* grows; 0 until it is stored */
    int64_t at_unix_ns;
    gbxi_audit_action action;
    gbxi_audit_result result;
    char key[GBXI_AUDIT_KEY_BYTES];         /* the id of the token's key, or "local:USER"; "": nobody had to say */
    char subject[GBXI_AUDIT_SUBJECT_BYTES]; /* what it was done to: a trace id, a route, a finding */
} gbxi_audit_record;

/* Which records are asked for. Zeroed: the newest. */
typedef struct gbxi_audit_filter {
    int64_t since_unix_ns; /* not before that; 0: no limit */
    int64_t until_unix_ns; /* before that; 0: no limit */
    const char *key;       /* that key alone; NULL: any */
    int action;            /* that action alone, as one more than its number; 0: any */
    uint64_t before_id;    /* below that; 0: no limit. The last id of a page gives the next page */
    uint64_t limit;        /* at most so many; 0: all */
} gbxi_audit_filter;

typedef struct gbxi_audit gbxi_audit;

/* Opens the records of a store, whose folder exists, or keeps them in memory. Owns: the caller, until gbxi_audit_close.
 * Errors: as gbxi_beside_open. */
GBX_MUST_USE gbx_err gbxi_audit_open(const char *directory, gbxi_audit **audit, gbx_error *error);
void gbxi_audit_close(gbxi_audit *audit); /* accepts NULL */

/* Stores records, all of them or none, and forgets the oldest of too many. Errors: as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_audit_add(gbxi_audit *audit, const gbxi_audit_record *records, size_t count,
                                    gbx_error *error);

/* Calls `use` for each record of the filter, newest first. `use` returns false to end. Errors: as gbxi_database_fail.
 */
typedef bool gbxi_audit_use(void *context, const gbxi_audit_record *record);
GBX_MUST_USE gbx_err gbxi_audit_list(gbxi_audit *audit, const gbxi_audit_filter *filter, gbxi_audit_use *use,
                                     void *context, gbx_error *error);

/* Fills a record of now. */
void gbxi_audit_record_make(gbxi_audit_record *record, gbxi_audit_action action, gbxi_audit_result result,
                            const char *key, const char *subject);

/* The names of actions and results, and the action with a name; false if there is none. */
const char *gbxi_audit_action_name(gbxi_audit_action action);
const char *gbxi_audit_result_name(gbxi_audit_result result);
bool gbxi_audit_action_read(const char *name, gbxi_audit_action *action);

#endif
