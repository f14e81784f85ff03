/* SPDX-License-Identifier: MIT */
/* Reads messages of JSON-RPC, and writes the answers. */
#include "cli/mcp/message.h"
#include "json/copy.h"

static void set_null_id(gbxi_mcp_message *message)
{
    memcpy(message->id, "null", 4);
    message->id_length = 4;
}

/* Keeps the id as JSON. Returns false if the protocol does not allow it. */
static bool read_message_id(gbxi_json_value id, gbxi_mcp_message *message)
{
    gbxi_json_type type = gbxi_json_typeof(id);
    gbxi_json_writer writer;

    if (type != GBXI_JSON_STRING && type != GBXI_JSON_INTEGER && type != GBXI_JSON_DOUBLE)
        return false;
    gbxi_json_writer_init_room(&writer, message->id, sizeof(message->id));
    gbxi_json_copy(&writer, id);
    if (gbxi_json_writer_finish(&writer) != GBX_ERR_OK) {
        set_null_id(message);
        return false;
    }
    message->id_length = (size_t)(writer.at - writer.begin);
    return true;
}

static void find_fault(gbxi_mcp_message *message, gbxi_mcp_code code, const char *fault)
{
    message->kind = GBXI_MCP_INVALID;
    message->code = code;
    message->fault = fault;
}

static bool is_version_2(gbxi_json_value value)
{
    gbxi_json_string version;

    return gbxi_json_str(gbxi_json_member(value, "jsonrpc"), &version) && gbxi_view_is(version, "2.0");
}

static bool lacks_member(gbxi_json_value object, const char *name)
{
    return gbxi_json_typeof(gbxi_json_member(object, name)) == GBXI_JSON_ABSENT;
}

void gbxi_mcp_message_read(gbxi_json_value value, gbxi_mcp_message *message)
{
    gbxi_json_type params;

    *message = (gbxi_mcp_message){.kind = lacks_member(value, "id") ? GBXI_MCP_NOTIFICATION : GBXI_MCP_REQUEST,
                                  .params = gbxi_json_member(value, "params")};
    set_null_id(message);
    params = gbxi_json_typeof(message->params);
    if (gbxi_json_typeof(value) != GBXI_JSON_OBJECT)
        find_fault(message, GBXI_MCP_INVALID_REQUEST, "a message is an object");
    else if (lacks_member(value, "method") && (!lacks_member(value, "result") || !lacks_member(value, "error")))
        message->kind = GBXI_MCP_RESPONSE;
    else if (message->kind == GBXI_MCP_REQUEST && !read_message_id(gbxi_json_member(value, "id"), message))
        find_fault(message, GBXI_MCP_INVALID_REQUEST, "an id is a number or a string, of at most 300 bytes as JSON");
    else if (!is_version_2(value))
        find_fault(message, GBXI_MCP_INVALID_REQUEST, "\"jsonrpc\" must be \"2.0\"");
    else if (!gbxi_json_str(gbxi_json_member(value, "method"), &message->method))
        find_fault(message, GBXI_MCP_INVALID_REQUEST, "\"method\" must be a string");
    else if (message->kind == GBXI_MCP_REQUEST && params != GBXI_JSON_ABSENT && params != GBXI_JSON_OBJECT)
        find_fault(message, GBXI_MCP_INVALID_PARAMS, "\"params\" must be an object");
}

static void begin_answer(gbxi_json_writer *writer, const char *id, size_t id_length)
{
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "jsonrpc");
    gbxi_json_string_z(writer, "2.0");
    gbxi_json_key(writer, "id");
    gbxi_json_raw(writer, id, id_length);
}

void gbxi_mcp_result_begin(gbxi_json_writer *writer, const gbxi_mcp_message *message)
{
    begin_answer(writer, message->id, message->id_length);
    gbxi_json_key(writer, "result");
    gbxi_json_object_begin(writer);
}

void gbxi_mcp_result_end(gbxi_json_writer *writer)
{
    gbxi_json_object_end(writer);
    gbxi_json_object_end(writer);
}

void gbxi_mcp_error_write(gbxi_json_writer *writer, const gbxi_mcp_message *message, gbxi_mcp_code code,
                          const char *text)
{
    begin_answer(writer, message->id, message->id_length);
    gbxi_json_key(writer, "error");
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "code");
    gbxi_json_int(writer, code);
    gbxi_json_key(writer, "message");
    gbxi_json_string_z(writer, text);
    gbxi_json_object_end(writer);
    gbxi_json_object_end(writer);
}

void gbxi_mcp_refusal_write(gbxi_json_writer *writer, gbxi_mcp_code code, const char *text)
{
    gbxi_mcp_message none;

    set_null_id(&none);
    gbxi_mcp_error_write(writer, &none, code, text);
}
