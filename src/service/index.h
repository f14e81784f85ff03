/* SPDX-License-Identifier: MIT */
/* The root: the page for people, and the list of all routes for programs. */
#ifndef GBX_SERVICE_INDEX_H
#define GBX_SERVICE_INDEX_H

#include <h2o.h>

/* Answers GET / with the list if the client prefers JSON, otherwise with the page. */
void gbxi_index_answer(h2o_req_t *req);

#endif
