/* SPDX-License-Identifier: MIT */
/* Configurations of the middleware, as docs/embedding.md quotes them: compiled, not run. */
#include <glassbox/h2o.h>
#include <glassbox/limits.h>
#include <string.h>

gbx_err mount_files(h2o_hostconf_t *host);
gbx_err mount_hello(h2o_pathconf_t *path);
gbx_err mount_orders(h2o_pathconf_t *path);
gbx_err mount_reports(h2o_hostconf_t *host);
gbx_err set_limits(void);

gbx_err mount_files(h2o_hostconf_t *host)
{
    h2o_pathconf_t *path = h2o_config_register_path(host, "/files", 0);
    gbx_h2o_config config = {.size = sizeof(config), .handler_method = "GET", .max_body_bytes = 1 << 20};
    gbx_err err = gbx_h2o_register(path, &config);

    if (err == GBX_ERR_OK)
        h2o_file_register(path, "/srv/files", NULL, NULL, 0);
    return err;
}

gbx_err mount_hello(h2o_pathconf_t *path)
{
    gbx_h2o_config config = {.size = sizeof(config), .source_root = "/src/hello"};

    return gbx_h2o_register(path, &config);
}

/* Account numbers are not for traces. */
static bool no_account_numbers(void *context, gbx_text *text)
{
    (void)context;
    return strstr(text->bytes, "account ") == NULL;
}

static gbx_redaction *new_redaction(void)
{
    static const char *const sensitive[] = {"password", "user.*", NULL};
    gbx_redaction_options options = {.size = sizeof(options), .keys = sensitive, .filter = no_account_numbers};

    return gbx_redaction_new(&options);
}

static gbx_h2o_verdict administrators_only(h2o_req_t *req, void *context, gbx_h2o_grant *grant, gbx_error *error)
{
    ssize_t at = h2o_find_header_by_str(&req->headers, H2O_STRLIT("x-role"), -1);

    (void)context;
    if (at == -1) {
        gbx_error_set(error, GBX_ERR_MISSING, NULL, "say who you are");
        return GBX_H2O_MISSING;
    }
    h2o_iovec_t role = req->headers.entries[at].value;
    if (!h2o_memis(role.base, role.len, H2O_STRLIT("administrator"))) {
        gbx_error_set(error, GBX_ERR_CONFLICT, NULL, "administrators only");
        return GBX_H2O_REFUSED;
    }
    grant->max_spans = 100000;
    return GBX_H2O_GRANTED;
}

gbx_err mount_orders(h2o_pathconf_t *path)
{
    gbx_h2o_config config = {.size = sizeof(config), .claim = GBX_H2O_CLAIM_ON_REQUEST};

    return gbx_h2o_register(path, &config);
}

gbx_err mount_reports(h2o_hostconf_t *host)
{
    h2o_pathconf_t *path = h2o_config_register_path(host, "/reports", 0);
    gbx_redaction *redaction = new_redaction();
    gbx_h2o_config config = {.size = sizeof(config), .redaction = redaction, .permit = administrators_only};
    gbx_err err = redaction != NULL ? gbx_h2o_register(path, &config) : GBX_ERR_NO_MEMORY;

    gbx_redaction_unref(redaction); /* the configuration holds a reference of its own */
    if (err == GBX_ERR_OK)
        h2o_file_register(path, "/srv/reports", NULL, NULL, 0);
    return err;
}

gbx_err set_limits(void)
{
    gbx_limits limits = {.size = sizeof(limits), .max_captures = 8, .captures_per_second = 20};

    gbx_capture_memory_limit_set((size_t)256 << 20);
    return gbx_limits_set(&limits);
}
