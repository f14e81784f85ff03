// SPDX-License-Identifier: MIT
// A client as users of the OpenAPI document write it: typed by what openapi-typescript makes of the document.
import createClient from 'openapi-fetch';

import type {components, paths} from './api.js';

type Schemas = components['schemas'];

/** What no reader of the document may write: each line must fail to compile, or the compiler complains that it does not. */
export function mistakes(client: ReturnType<typeof createClient<paths>>) {
    const route = {path: {source: 'html', engine: 'dot', transformation: 'default'}} as const;
    const page = {graph_data: {html: ''}};
    return [
        // @ts-expect-error there is no such route
        () => client.GET('/graph/enginez'),
        // @ts-expect-error it is to be POSTed
        () => client.GET('/graph/from/{source}/to/{engine}/{transformation}/full'),
        // @ts-expect-error there is no such engine
        () => client.POST('/graph/from/{source}/to/{engine}/{transformation}', {params: {path: {...route.path, engine: 'svg'}}, body: page}),
        // @ts-expect-error the body is required
        () => client.POST('/graph/from/{source}/to/{engine}/{transformation}', {params: route}),
        // @ts-expect-error a misspelt field
        (): Schemas['trace_config'] => ({capture_trace: true}),
        // @ts-expect-error a field of the wrong type
        () => client.POST('/graph/from/{source}/to/{engine}/{transformation}/full', {params: route, body: {...page, trace_config: {top_n: '3'}}}),
        // @ts-expect-error a value that trace_output does not have
        () => client.POST('/graph/from/{source}/to/{engine}/{transformation}/full', {params: route, body: {...page, trace_config: {trace_output: 'none'}}}),
    ];
}

function isEnvelope(answer: object | null): answer is Schemas['traced_response'] {
    return answer !== null && 'graph_output' in answer;
}

/** The same page through every route; throws where the server's answer is not what the types promise. */
export async function use(baseUrl: string, html: string) {
    const client = createClient<paths>({baseUrl});
    const params = {path: {source: 'html', engine: 'mermaid', transformation: 'default'}} as const;
    const body: Schemas['graph_request'] = {graph_data: {html}, trace_config: {capture_traces: true, name: 'typed', top_n: 3}};

    const engines = await client.GET('/graph/engines');
    const plain = await client.POST('/graph/from/{source}/to/{engine}/{transformation}', {params, body});
    const full = await client.POST('/graph/from/{source}/to/{engine}/{transformation}/full', {params, body});
    const summary = await client.POST('/graph/from/{source}/to/{engine}/{transformation}/summary', {params, body});
    const speedscope = await client.POST('/graph/from/{source}/to/{engine}/{transformation}/speedscope', {
        params, body: {...body, trace_config: {capture_traces: true, trace_output: 'traces_only'}},
    });
    const refused = await client.POST('/graph/from/{source}/to/{engine}/{transformation}', {params, body: {graph_data: {nodes: []}}});
    const health = await client.GET('/healthz');
    if (!engines.data || !plain.data || !full.data || !summary.data || !speedscope.data || !refused.error || !health.data)
        throw new Error('an answer without what was declared for it');
    if (!isEnvelope(full.data) || !isEnvelope(summary.data) || isEnvelope(speedscope.data))
        throw new Error('an envelope where there should be none, or none where there should be one');
    const trace = full.data.traces as Schemas['full'];
    const hotspots = (summary.data.traces as Schemas['summary']).hotspots;
    const chart: Schemas['speedscope'] = speedscope.data as Schemas['speedscope'];

    return {
        engines: engines.data.engines.map(({name}) => name),
        mermaid: plain.data.mermaid,
        name: trace.metadata.name,
        calls: (trace.call_tree ?? []).map((call) => call.name),
        hottest: hotspots.map((spot) => spot.self_ms),
        frames: chart.shared.frames.length,
        refusal: 'pointer' in refused.error ? refused.error.pointer : undefined,
        status: health.data.status,
    };
}
