/* SPDX-License-Identifier: MIT */
/* Owns the one pass over the traces of a run. */
#include "findings/survey.h"
#include "base/grow.h"
#include <glassbox/recorder.h>
#include <stdlib.h>

enum { RULES_MAX = 16 };

typedef struct survey_pass {
    gbxi_survey *survey;
    gbxi_survey_counts *counts;
    const gbxi_survey_progress *progress;
    void *states[RULES_MAX];
    gbxi_calls calls;
    gbxi_call_groups groups;
    bool failed; /* memory was short */
} survey_pass;

static bool survey_count_route(gbxi_survey *survey, uint32_t route, uint64_t duration_ns)
{
    size_t count = survey->places.routes.count;

    if (!gbxi_grow(&survey->routes, &survey->route_capacity, count, sizeof(*survey->routes)))
        return false;
    while (survey->route_count < count)
        survey->routes[survey->route_count++] = (gbxi_route_sum){.trace_count = 0};
    survey->routes[route].trace_count++;
    survey->routes[route].total_ns += duration_ns;
    return true;
}

static void survey_count_calls(survey_pass *pass)
{
    bool has_statements = false, has_arguments = false;

    for (uint32_t i = 0; i < pass->calls.count; i++) {
        const gbxi_call *call = &pass->calls.at[i];

        pass->survey->self_ns += gbxi_call_self_ns(call);
        has_statements |= call->statement != GBXI_PLACE_NONE;
        has_arguments |= call->argument != 0;
    }
    pass->counts->calls += pass->calls.count;
    pass->counts->with_spans += pass->calls.count > 0;
    pass->counts->with_statements += has_statements;
    pass->counts->with_arguments += has_arguments;
    pass->counts->truncated += pass->calls.truncated;
}

static bool survey_show(survey_pass *pass, const gbxi_stored_trace *trace, uint32_t route)
{
    const gbxi_seen seen = {pass->survey, trace, &pass->calls, &pass->groups, route};
    const gbxi_rule *rule;

    for (size_t i = 0; (rule = gbxi_rule_at(i)) != NULL; i++)
        if (rule->see != NULL && !rule->see(pass->states[i], &seen))
            return false;
    return true;
}

static bool survey_take(survey_pass *pass, const gbxi_stored_trace *trace, const gbx_capture *capture)
{
    uint32_t route =
        gbxi_places_route(&pass->survey->places, trace->method, trace->route[0] != '\0' ? trace->route : trace->name);

    if (route == GBXI_PLACE_NONE || !survey_count_route(pass->survey, route, trace->duration_ns) ||
        !gbxi_calls_read(&pass->calls, &pass->survey->places, capture) ||
        !gbxi_call_groups_find(&pass->groups, &pass->calls))
        return false;
    survey_count_calls(pass);
    return survey_show(pass, trace, route);
}

static bool survey_see(void *context, const gbxi_stored_trace *trace, gbx_capture *capture)
{
    survey_pass *pass = context;

    pass->counts->traces++;
    pass->counts->damaged += capture == NULL;
    pass->counts->chosen += (trace->reasons & (GBX_KEEP_SAMPLED | GBX_KEEP_ASKED)) == 0;
    if (capture != NULL && !survey_take(pass, trace, capture))
        pass->failed = true;
    if (pass->progress->tell != NULL)
        pass->progress->tell(pass->progress->context, pass->counts->traces, pass->progress->all);
    return !pass->failed;
}

static bool survey_begin(survey_pass *pass)
{
    const gbxi_rule *rule;

    for (size_t i = 0; (rule = gbxi_rule_at(i)) != NULL; i++)
        if ((pass->states[i] = calloc(1, rule->state_bytes + 1)) == NULL)
            return false;
    return true;
}

static bool survey_finish(survey_pass *pass, gbxi_findings *findings)
{
    const gbxi_rule *rule;

    for (size_t i = 0; (rule = gbxi_rule_at(i)) != NULL; i++)
        if (rule->finish != NULL && !rule->finish(pass->states[i], pass->survey, findings))
            return false;
    return true;
}

static void survey_end(survey_pass *pass)
{
    const gbxi_rule *rule;

    for (size_t i = 0; (rule = gbxi_rule_at(i)) != NULL; i++) {
        if (pass->states[i] != NULL && rule->fini != NULL)
            rule->fini(pass->states[i]);
        free(pass->states[i]);
    }
    gbxi_calls_fini(&pass->calls);
    gbxi_call_groups_fini(&pass->groups);
}

gbx_err gbxi_survey_run(gbxi_stored_run *run, const gbxi_survey_progress *progress, gbxi_survey *survey,
                        gbxi_survey_counts *counts, gbxi_findings *findings, gbx_error *error)
{
    survey_pass pass = {.survey = survey, .counts = counts, .progress = progress};
    gbx_err err = GBX_ERR_OK;

    pass.failed = !survey_begin(&pass);
    if (!pass.failed)
        err = gbxi_stored_captures(run, NULL, survey_see, &pass, error);
    if (err == GBX_ERR_OK && (pass.failed || !survey_finish(&pass, findings)))
        err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    survey_end(&pass);
    return err;
}

void gbxi_survey_fini(gbxi_survey *survey)
{
    gbxi_places_fini(&survey->places);
    gbxi_account_free(survey->routes);
}
