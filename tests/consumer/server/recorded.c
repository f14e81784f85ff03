/* SPDX-License-Identifier: MIT */
/* A configuration of libh2o whose requests are recorded as the environment says: a host with both the middleware and a
 * store. */
#include <glassbox/h2o.h>
#include <glassbox/store.h>
#include <stdlib.h>

static gbx_err mount_recorded(h2o_pathconf_t *path)
{
    gbx_recorder *recorder = gbx_recorder_from_environment(); /* NULL: nothing is recorded */
    gbx_h2o_config config = {.size = sizeof(config), .recorder = recorder};
    gbx_err err = gbx_h2o_register(path, &config);

    gbx_recorder_unref(recorder); /* the path holds a reference, and the last one closes the store */
    return err;
}

int main(void)
{
    h2o_globalconf_t config;

    h2o_config_init(&config);
    h2o_hostconf_t *host = h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    gbx_err err = mount_recorded(h2o_config_register_path(host, "/", 0));
    h2o_config_dispose(&config);
    return err == GBX_ERR_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
