/* SPDX-License-Identifier: MIT */
/* glassbox trace: sends requests to a service, and stores their traces in a run. */
#define _GNU_SOURCE
#include "cli/command.h"
#include "cli/store/chosen.h"
#include "cli/trace/message.h"
#include "cli/trace/plan.h"
#include <glassbox/recorder.h>
#include <string.h>

enum {
    URL_BYTES_MAX = 8000,
    LINE_BYTES_MAX = 8000,
    METHOD_BYTES_MAX = 32,
    REPEAT_MAX = 1000000,
    CONCURRENCY_MAX = 256,
    WAIT_S_DEFAULT = 30,
    TIMEOUT_S_DEFAULT = 60
};

#define TRACE_S_MAX ((uint64_t)24 * 60 * 60)

static bool is_method(const char *text)
{
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == strlen(text);
}

static bool is_login_path(const char *text)
{
    return text[0] == '/' && strpbrk(text, " ?#") == NULL;
}

static bool are_login_fields(const char *text)
{
    const char *comma = strchr(text, ',');

    return comma != NULL && comma != text && comma[1] != '\0' && strchr(comma + 1, ',') == NULL;
}

static gbx_err check_keep(const char *text, gbx_error *error)
{
    gbx_recorder_options unused = {.size = sizeof(unused)};

    return gbx_recorder_rules_read(text, &unused, error);
}

static const gbxi_cli_option trace_rows[] = {
    {"url", GBXI_LIST(gbxi_trace_plan, urls), .max = GBXI_LIST_MAX, .text_max = URL_BYTES_MAX, .value = "URL",
     .required = true,
     .help = "URL to request; may be given several times. They are requested one after the other. Redirects are not "
             "followed."},
    {"method", GBXI_TEXT(gbxi_trace_plan, method), .max = METHOD_BYTES_MAX, .value = "METHOD",
     .unset = "GET, or POST with --body", .accepts = is_method, .accepted = "a method such as PUT",
     .help = "Method of the requests."},
    {"body", GBXI_FILE(gbxi_trace_plan, body), .max = GBXI_STORE_NAME_MAX, .value = "FILE", .unset = "none",
     .help = "File with the body of the requests; - is standard input. Its type is application/json unless --header "
             "says otherwise."},
    {"header", GBXI_LIST(gbxi_trace_plan, headers), .max = GBXI_LIST_MAX, .text_max = LINE_BYTES_MAX,
     .value = "'NAME: VALUE'", .unset = "none", .accepts = gbxi_is_header, .accepted = "a header such as 'Name: value'",
     .help = "Header of the requests; may be given several times."},
    {"cookie", GBXI_LIST(gbxi_trace_plan, cookies), .max = GBXI_LIST_MAX, .text_max = LINE_BYTES_MAX,
     .value = "NAME=VALUE", .unset = "none", .accepts = gbxi_is_cookie, .accepted = "a cookie such as NAME=VALUE",
     .help = "Cookie of the requests; may be given several times."},
    {"login", GBXI_TEXT(gbxi_trace_plan, login), .max = LINE_BYTES_MAX, .value = "USER:PASSWORD", .unset = "no login",
     .needs = "login-url",
     .help = "Log in with a form first, and send the cookies that it sets with every request. - reads USER:PASSWORD "
             "from the terminal, or the first line of standard input; it is stored nowhere."},
    {"login-url", GBXI_TEXT(gbxi_trace_plan, login_url), .max = URL_BYTES_MAX, .value = "PATH", .unset = "none",
     .needs = "login", .accepts = is_login_path, .accepted = "a path such as /login",
     .help = "Path that the form is posted to, on the server of the first URL."},
    {"login-fields", GBXI_TEXT(gbxi_trace_plan, login_fields), .max = METHOD_BYTES_MAX * 4, .value = "USER,PASSWORD",
     .text = "username,password", .accepts = are_login_fields, .accepted = "two names with a comma between",
     .help = "Names of the two fields of the form."},
    {"token", GBXI_TEXT(gbxi_trace_plan, token), .max = LINE_BYTES_MAX, .value = "TOKEN", .unset = "none",
     .variable = true,
     .help = "Token to send as 'Authorization: Bearer TOKEN', such as 'glassbox token' makes; @FILE reads it from a "
             "file. GLASSBOX_TOKEN in the environment sets it too."},
    {"repeat", GBXI_NUMBER(gbxi_trace_plan, repeat), .min = 1, .max = REPEAT_MAX, .value = "N", .number = 1,
     .help = "Number of requests to each URL."},
    {"concurrency", GBXI_NUMBER(gbxi_trace_plan, concurrency), .min = 1, .max = CONCURRENCY_MAX, .value = "N",
     .number = 1, .help = "Number of requests that are under way at the same time."},
    {"duration", GBXI_DURATION(gbxi_trace_plan, duration_s), .min = 0, .max = TRACE_S_MAX, .value = "DURATION",
     .unset = "none",
     .help = "Time for which the service goes on after the last request, such as 30s, so that traffic of others is "
             "stored too."},
    {"keep", GBXI_TEXT(gbxi_trace_plan, keep), .max = 255, .value = "RULES", .text = "all", .check = check_keep,
     .help = "What the service stores, as the option of 'glassbox serve'."},
    {"wait", GBXI_DURATION(gbxi_trace_plan, wait_s), .min = 1, .max = TRACE_S_MAX, .value = "DURATION",
     .number = WAIT_S_DEFAULT, .help = "Time in which the service must listen."},
    {"log", GBXI_FILE(gbxi_trace_plan, log), .max = GBXI_STORE_NAME_MAX, .value = "FILE", .unset = "standard error",
     .help = "File that gets what the service prints."},
    {"timeout", GBXI_DURATION(gbxi_trace_plan, timeout_s), .min = 1, .max = TRACE_S_MAX, .value = "DURATION",
     .number = TIMEOUT_S_DEFAULT, .help = "Time that a request may take."},
    {"cacert", GBXI_FILE(gbxi_trace_plan, cacert), .max = GBXI_STORE_NAME_MAX, .value = "FILE",
     .unset = "those of the system", .excludes = "insecure",
     .help = "File with the certificates, in PEM, that the server's must come from."},
    {"insecure", GBXI_FLAG(gbxi_trace_plan, insecure), .help = "Accept any certificate."},
    GBXI_STORE_ROW(gbxi_trace_plan),
    GBXI_FORMAT_ROW(gbxi_trace_plan),
};

/* What belongs to a service that is started here. */
static gbx_err check_plan(const gbxi_trace_plan *plan, gbx_error *error)
{
    if (plan->command == NULL && (plan->duration_s > 0 || plan->log != NULL))
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s needs '-- COMMAND', which starts the service",
                             plan->duration_s > 0 ? "--duration" : "--log");
    if (plan->command == NULL && plan->method != NULL && strcmp(plan->method, "HEAD") == 0)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL,
                             "the answer to HEAD has no room for a trace; '-- COMMAND' stores it at the service");
    if (plan->body != NULL && plan->login != NULL && strcmp(plan->body, "-") == 0 && strcmp(plan->login, "-") == 0)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "only one of --body and --login can be -");
    return GBX_ERR_OK;
}

static int trace_run(const void *values)
{
    const gbxi_trace_plan *plan = values;
    gbx_error error = {0};
    gbx_err err = check_plan(plan, &error);

    return err == GBX_ERR_OK ? gbxi_trace_plan_run(plan) : gbxi_command_status("trace", err, &error);
}

static const gbxi_manual_entry trace_manual[] = {
    {"COMMAND", NULL,
     "Starts the service, with GLASSBOX_STORE and GLASSBOX_KEEP in its environment, which "
     "gbx_recorder_from_environment() and 'glassbox serve' honour. The requests begin when the first URL's port "
     "accepts "
     "connections. Afterwards the service gets SIGTERM, and SIGKILL if it has not ended 10 seconds later."},
    {"COMMAND", NULL,
     "Without COMMAND, the service runs elsewhere: each request goes to the mirrored route, the URL's path followed by "
     "/full, and the traces that come back are stored here."},
    {"EXIT STATUS", "130", "A signal ended it. What was stored until then stays."},
    {"EXAMPLES", "glassbox trace --url http://localhost:8080/cart --repeat 20 -- ./shop",
     "Start the service, request a page twenty times, and end it."},
    {"EXAMPLES", "glassbox trace --url http://localhost:8080/me --login - --login-url /login -- ./shop",
     "The same as somebody who has logged in."},
    {"EXAMPLES", "glassbox trace --url http://10.0.0.7:8000/search?q=x --token @token --repeat 20",
     "Ask a service that runs elsewhere for its traces."},
    {0},
};

const gbxi_command gbxi_command_trace = {
    .name = "trace",
    .summary = "Send requests to a service, and store their traces",
    .synopsis = {"[OPTION...] --url URL... -- COMMAND [ARGUMENT...]", "[OPTION...] --url URL..."},
    .description =
        "Starts a service, sends requests to it, and ends it; or sends requests to a service that runs. Their "
        "traces are a run of the store, whose id is printed at the end.",
    GBXI_COMMAND_OPTIONS(trace_rows, gbxi_trace_plan),
    .manual = trace_manual,
    .rest = "COMMAND",
    .rest_offset = offsetof(gbxi_trace_plan, command),
    .prints_result = true,
    .run = trace_run,
};
