/* SPDX-License-Identifier: MIT */
/* Owns the variables that give a program a recorder without a line of its code. */
#define _GNU_SOURCE
#include <glassbox/store.h>
#include <stdlib.h>

/* Names the variable in front of what is wrong with its value. */
static gbx_err refuse_variable(const char *name, gbx_error *error)
{
    gbx_error inner = *error;

    return gbx_error_set(error, inner.code, NULL, "%s: %s", name, inner.text);
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

gbx_err gbx_recorder_open_environment(gbx_recorder **recorder, gbx_error *error)
{
    const gbx_store_options store = {.size = sizeof(store), .directory = variable("GLASSBOX_STORE")};
    const char *rules = variable("GLASSBOX_KEEP");
    gbx_recorder_options options = {.size = sizeof(options)};
    gbx_error own = {0};
    gbx_err err;

    *recorder = NULL;
    if (error == NULL)
        error = &own;
    if (store.directory == NULL)
        return GBX_ERR_OK;
    if (gbx_recorder_rules_read(rules != NULL ? rules : GBX_KEEP_DEFAULT, &options, error) != GBX_ERR_OK)
        return refuse_variable("GLASSBOX_KEEP", error);
    if ((*recorder = gbx_recorder_new(&options)) == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "there is no memory for a recorder");
    if ((err = gbx_recorder_add_store(*recorder, &store, error)) == GBX_ERR_OK)
        return GBX_ERR_OK;
    gbx_recorder_unref(*recorder);
    *recorder = NULL;
    return refuse_variable("GLASSBOX_STORE", error);
}

gbx_recorder *gbx_recorder_from_environment(void)
{
    gbx_recorder *recorder;

    return gbx_recorder_open_environment(&recorder, NULL) == GBX_ERR_OK ? recorder : NULL;
}
