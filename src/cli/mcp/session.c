/* SPDX-License-Identifier: MIT */
/* Answers the messages of a client. */
#include "cli/mcp/session.h"
#include "cli/mcp/lines.h"
#include "cli/mcp/message.h"

/* What an answer is made of. */
typedef struct answer_step {
    gbxi_mcp_session *session;
    gbxi_json_writer *writer;
    bool in_batch;
    size_t answered_count;
} answer_step;

/* Notifications and responses have no answer. */
static void answer_message(answer_step *step, gbxi_json_value value)
{
    gbxi_mcp_message message;

    gbxi_mcp_message_read(value, &message);
    if (message.kind == GBXI_MCP_NOTIFICATION || message.kind == GBXI_MCP_RESPONSE)
        return;
    step->answered_count++;
    if (message.kind == GBXI_MCP_INVALID)
        gbxi_mcp_error_write(step->writer, &message, message.code, message.fault);
    else if (step->in_batch && gbxi_view_is(message.method, "initialize"))
        gbxi_mcp_error_write(step->writer, &message, GBXI_MCP_INVALID_REQUEST, "initialize must not be in a batch");
    else
        gbxi_mcp_method_answer(step->session, &message, step->writer);
}

static void answer_batch(answer_step *step, gbxi_json_value batch)
{
    gbxi_json_iterator each = gbxi_json_each(batch);
    size_t count = gbxi_json_count(batch);

    step->answered_count++;
    if (!step->session->has_batches) {
        gbxi_mcp_refusal_write(step->writer, GBXI_MCP_INVALID_REQUEST,
                               "this version of the protocol has no batches; send one message a line");
        return;
    }
    if (count == 0 || count > GBXI_MCP_BATCH_MAX) {
        gbxi_mcp_refusal_write(step->writer, GBXI_MCP_INVALID_REQUEST, "a batch has 1 to 32 messages");
        return;
    }
    step->answered_count = 0;
    step->in_batch = true;
    gbxi_json_array_begin(step->writer);
    while (gbxi_json_next(&each))
        answer_message(step, each.value);
    gbxi_json_array_end(step->writer);
}

/* Answers the line as a whole with an error. */
static gbx_err refuse_whole_line(gbxi_json_buffer *out, size_t before, gbxi_mcp_code code, const char *text)
{
    gbxi_json_writer writer;
    gbx_err err;

    out->length = before;
    gbxi_json_writer_init_buffer(&writer, out);
    gbxi_mcp_refusal_write(&writer, code, text);
    err = gbxi_json_writer_finish(&writer);
    if (err != GBX_ERR_OK)
        out->length = before;
    return err;
}

static gbx_err answer_parsed(gbxi_mcp_session *session, gbxi_json_value root, gbxi_json_buffer *out)
{
    size_t before = out->length;
    gbxi_json_writer writer;
    answer_step step = {.session = session, .writer = &writer};
    gbx_err err;

    gbxi_json_writer_init_buffer(&writer, out);
    if (gbxi_json_typeof(root) == GBXI_JSON_ARRAY)
        answer_batch(&step, root);
    else
        answer_message(&step, root);
    err = gbxi_json_writer_finish(&writer);
    if (err == GBX_ERR_OK && step.answered_count == 0)
        out->length = before;
    if (err == GBX_ERR_OK)
        return err;
    (void)!refuse_whole_line(out, before, GBXI_MCP_INTERNAL_ERROR, gbx_err_text(err));
    return err;
}

gbx_err gbxi_mcp_session_answer(gbxi_mcp_session *session, gbx_err refused, gbxi_view line, gbxi_json_buffer *out)
{
    gbxi_json_document *document = NULL;
    gbx_error error = {0};
    gbx_err err;

    if (refused == GBX_ERR_LIMIT)
        return refuse_whole_line(out, out->length, GBXI_MCP_PARSE_ERROR, "a message has at most 1 MiB");
    err = refused != GBX_ERR_OK ? refused : gbxi_json_parse(line.at, line.length, &document, &error);
    if (err == GBX_ERR_NO_MEMORY)
        return refuse_whole_line(out, out->length, GBXI_MCP_INTERNAL_ERROR, "out of memory");
    if (err != GBX_ERR_OK)
        return refuse_whole_line(out, out->length, GBXI_MCP_PARSE_ERROR, error.text);
    err = answer_parsed(session, gbxi_json_root(document), out);
    gbxi_json_free(document);
    return err;
}
