/* SPDX-License-Identifier: MIT */
/* A service with SQLite behind it, and with the mistakes that such services have, for `glassbox report` to find. It
 * records its requests if GLASSBOX_STORE names a store.
 *
 * Usage: shop [PORT] [--joined] [--price-percent N]. --joined repairs /orders, and N makes the frame price.compute take
 * N percent of its time. SIGTERM and SIGINT stop it. */
#define _GNU_SOURCE
#include "shop_server.h"
#include <glassbox/h2o.h>
#include <glassbox/recorder.h>
#include <glassbox/span.h>
#include <glassbox/sqlite.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char tables[] =
    "CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
    "CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INTEGER NOT NULL, cents INTEGER NOT NULL);"
    "CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT NOT NULL);"
    "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 30)"
    " INSERT INTO customers SELECT i, 'customer ' || i FROM n;"
    "INSERT INTO orders SELECT 100 + id, 31 - id, 250 * id FROM customers;"
    "INSERT INTO settings VALUES('currency', 'EUR'), ('language', 'en');";

enum { CLOSE_MS = 5000, ROUNDS = 50000 };

typedef struct shop {
    sqlite3 *db;
    bool joined;
    unsigned price_percent;
} shop;

/* An answer in the making: the rows that statements return, each a JSON text, as one array. */
typedef struct answer {
    const shop *shop;
    h2o_req_t *req;
    sqlite3_str *json;
    bool failed;
} answer;

typedef void make_answer(answer *self);

static void add_json(answer *self, const char *json)
{
    sqlite3_str_appendf(self->json, "%s%s", sqlite3_str_length(self->json) == 0 ? "[" : ",\n", json);
}

/* Tells the trace what SQLite cannot, because its trace callback knows of no failures. */
static void fail(answer *self)
{
    gbx_span_fail(sqlite3_errmsg(self->shop->db));
    self->failed = true;
}

/* Prepares a statement whose parameters are `id` and `text`, as far as it has any. */
static sqlite3_stmt *prepare(answer *self, const char *sql, sqlite3_int64 id, const char *text)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(self->shop->db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail(self);
    sqlite3_bind_int64(statement, 1, id);
    sqlite3_bind_text(statement, 2, text, -1, SQLITE_TRANSIENT);
    return statement;
}

/* Adds the rows of a statement to the answer. */
static void add_rows(answer *self, const char *sql, sqlite3_int64 id, const char *text)
{
    sqlite3_stmt *statement = prepare(self, sql, id, text);
    int result;

    while ((result = sqlite3_step(statement)) == SQLITE_ROW)
        add_json(self, (const char *)sqlite3_column_text(statement, 0));
    if (result != SQLITE_DONE)
        fail(self);
    sqlite3_finalize(statement);
}

/* One statement, whose rows have all that the answer needs. */
static void orders_joined(answer *self)
{
    GBX_SPAN();
    add_rows(self,
             "SELECT json_object('order', orders.id, 'cents', cents, 'customer', name)"
             " FROM orders JOIN customers ON customers.id = orders.customer ORDER BY orders.id",
             0, NULL);
}

/* A mistake: one statement more for each order (N+1). */
static void orders(answer *self)
{
    GBX_SPAN();
    sqlite3_stmt *list = prepare(self, "SELECT customer, id, cents FROM orders ORDER BY id", 0, NULL);

    while (sqlite3_step(list) == SQLITE_ROW) {
        char parts[64];
        snprintf(parts, sizeof(parts), "[%d,%d]", sqlite3_column_int(list, 1), sqlite3_column_int(list, 2));
        add_rows(self,
                 "SELECT json_object('order', ?2 ->> 0, 'cents', ?2 ->> 1, 'customer', name)"
                 " FROM customers WHERE id = ?1",
                 sqlite3_column_int(list, 0), parts);
    }
    sqlite3_finalize(list);
}

static void orders_as_told(answer *self)
{
    if (self->shop->joined)
        orders_joined(self);
    else
        orders(self);
}

/* What is behind "?q=", as it came. */
static const char *query_of(h2o_req_t *req)
{
    static const char name[] = "?q=";
    const char *at = req->path.base + (req->query_at != SIZE_MAX ? req->query_at : req->path.len);
    size_t length = req->path.len - (size_t)(at - req->path.base), skipped = strlen(name);

    if (length < skipped || memcmp(at, name, skipped) != 0)
        return "";
    return h2o_strdup(&req->pool, at + skipped, length - skipped).base;
}

/* A mistake: a slow statement. */
static void search(answer *self)
{
    GBX_SPAN();
    add_rows(self,
             "WITH RECURSIVE n(i) AS (VALUES(?1) UNION ALL SELECT i + 1 FROM n WHERE i < 1200000)"
             " SELECT json_object('text', ?2, 'matches', count(*)) FROM n WHERE i % 1000 = length(?2)",
             1, query_of(self->req));
}

/* A mistake: the same question again and again. */
static void settings(answer *self)
{
    GBX_SPAN();
    for (int i = 0; i < 8; i++)
        add_rows(self, "SELECT json_object('key', key, 'value', value) FROM settings WHERE key = ?2", 0, "currency");
}

/* No mistake. */
static void three(answer *self)
{
    GBX_SPAN();
    for (int id = 1; id <= 3; id++)
        add_rows(self, "SELECT json_quote(name) FROM customers WHERE id = ?1", id, NULL);
}

/* No mistake either. */
static void one(answer *self)
{
    GBX_SPAN();
    add_rows(self, "SELECT json_quote(name) FROM customers WHERE id = ?1", 7, NULL);
}

/* About 2 ns a round. The result is kept, so that a compiler cannot leave out the work. */
static void compute(unsigned rounds)
{
    volatile uint64_t kept;
    uint64_t value = rounds;

    for (unsigned i = 0; i < rounds; i++)
        value = value * 6364136223846793005 + 1442695040888963407;
    kept = value;
    (void)kept;
}

/* Three frames, of which one gets slower with --price-percent. */
static void price(answer *self)
{
    GBX_SPAN();
    {
        GBX_SPAN_NAMED("price.read");
        compute(ROUNDS);
    }
    {
        GBX_SPAN_NAMED("price.compute");
        compute(2 * ROUNDS / 100 * self->shop->price_percent);
    }
    {
        GBX_SPAN_NAMED("price.write");
        compute(ROUNDS);
    }
    add_json(self, "4999");
}

/* A mistake: 24 calls side by side, which nobody can overlook in the code and nobody can see in a profile. */
static void report(answer *self)
{
    GBX_SPAN();
    for (unsigned quarter = 1; quarter <= 4; quarter++) {
#define PART(name)                                                                                                     \
    {                                                                                                                  \
        GBX_SPAN_NAMED("report." name);                                                                                \
        compute(ROUNDS / 50);                                                                                          \
    }
        PART("sales") PART("returns") PART("stock") PART("visits") PART("costs") PART("staff")
    }
    add_json(self, "\"24 parts\"");
}

/* A failure while a statement runs: the number is taken. */
static void broken(answer *self)
{
    GBX_SPAN();
    add_rows(self, "INSERT INTO customers VALUES(?1, 'nobody')", 7, NULL);
}

static const struct route {
    const char *path;
    make_answer *make;
} routes[] = {{"/orders/joined", orders_joined},
              {"/orders", orders_as_told},
              {"/search", search},
              {"/settings", settings},
              {"/three", three},
              {"/one", one},
              {"/price", price},
              {"/report", report},
              {"/broken", broken}};

typedef struct shop_handler {
    h2o_handler_t super;
    const shop *shop;
    make_answer *make;
} shop_handler;

static int on_request(h2o_handler_t *super, h2o_req_t *req)
{
    shop_handler *self = (shop_handler *)super;
    answer made = {self->shop, req, sqlite3_str_new(self->shop->db), false};
    char *text;

    self->make(&made);
    sqlite3_str_appendall(made.json, "]\n");
    text = sqlite3_str_finish(made.json);
    req->res.status = made.failed ? 500 : 200;
    req->res.reason = made.failed ? "Internal Server Error" : "OK";
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("application/json"));
    h2o_send_inline(req, made.failed ? "{}\n" : text, made.failed ? 3 : strlen(text));
    sqlite3_free(text);
    return 0;
}

/* Every route answers GET, is recorded if there is a recorder, and has the routes that return traces. */
static gbx_err configure(h2o_globalconf_t *config, const shop *self, gbx_recorder *recorder)
{
    const gbx_h2o_config traced = {.size = sizeof(traced), .handler_method = "GET", .recorder = recorder};
    h2o_hostconf_t *host;

    h2o_config_init(config);
    host = h2o_config_register_host(config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        h2o_pathconf_t *path = h2o_config_register_path(host, routes[i].path, 0);
        gbx_err err = gbx_h2o_register(path, &traced);
        if (err != GBX_ERR_OK)
            return err;
        shop_handler *handler = (shop_handler *)h2o_create_handler(path, sizeof(*handler));
        handler->super.on_req = on_request;
        handler->shop = self;
        handler->make = routes[i].make;
    }
    return GBX_ERR_OK;
}

static gbx_err open_database(shop *self, gbx_error *error)
{
    if (sqlite3_open(":memory:", &self->db) != SQLITE_OK ||
        sqlite3_exec(self->db, tables, NULL, NULL, NULL) != SQLITE_OK)
        return gbx_error_set(error, GBX_ERR_IO, NULL, "the database: %s", sqlite3_errmsg(self->db));
    return gbx_sqlite_attach(self->db, NULL, error); /* Glassbox: statements are spans */
}

static uint16_t read_options(shop *self, int argc, char **argv)
{
    uint16_t port = 8080;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--joined") == 0)
            self->joined = true;
        else if (strcmp(argv[i], "--price-percent") == 0 && i + 1 < argc)
            self->price_percent = (unsigned)atoi(argv[++i]);
        else
            port = (uint16_t)atoi(argv[i]);
    }
    return port;
}

int main(int argc, char **argv)
{
    static h2o_globalconf_t config;
    static shop self = {.price_percent = 100};
    gbx_recorder *recorder = NULL;
    gbx_error error = {.text = "listening failed"};
    uint16_t port = read_options(&self, argc, argv);
    int signals_fd = shop_stop_signals();
    int listener_fd = -1;

    if (open_database(&self, &error) == GBX_ERR_OK &&
        gbx_recorder_open_environment(&recorder, &error) == GBX_ERR_OK && /* Glassbox: NULL without GLASSBOX_STORE */
        configure(&config, &self, recorder) == GBX_ERR_OK)
        listener_fd = shop_listen(port);
    if (listener_fd == -1) {
        fprintf(stderr, "shop: %s\n", error.text);
        return EXIT_FAILURE;
    }
    shop_serve(&config, listener_fd, signals_fd);
    if (recorder != NULL)
        gbx_recorder_close(recorder, CLOSE_MS); /* Glassbox: what was kept is in the store now */
    gbx_recorder_unref(recorder);
    sqlite3_close(self.db);
    return EXIT_SUCCESS;
}
