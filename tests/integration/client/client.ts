// SPDX-License-Identifier: MIT
// A client as users of the OpenAPI document write it: typed by what openapi-typescript makes of the document.
import createClient from 'openapi-fetch';

import type {components, paths} from './api.js';
import {envelope, known, request, roots, trace, tracesOnly, type Reading} from './known.js';

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

/** The same page through every route; throws where the server's answer is not what the types promise. */
export async function use(html: string, baseUrl: string): Promise<Reading & {status: string}> {
    const client = createClient<paths>({baseUrl});
    const params = {path: {source: 'html', engine: 'mermaid', transformation: 'default'}} as const;
    const body: Schemas['graph_request'] = request(html, 'client');
    const engines = await client.GET('/graph/engines');
    const plain = await client.POST('/graph/from/{source}/to/{engine}/{transformation}', {params, body});
    const full = await client.POST('/graph/from/{source}/to/{engine}/{transformation}/full', {params, body});
    const summary = await client.POST('/graph/from/{source}/to/{engine}/{transformation}/summary', {params, body});
    const speedscope = await client.POST('/graph/from/{source}/to/{engine}/{transformation}/speedscope', {params, body});
    const alone = await client.POST('/graph/from/{source}/to/{engine}/{transformation}/full', {params, body: tracesOnly(html)});
    const refused = await client.POST('/graph/from/{source}/to/{engine}/{transformation}', {params, body: {graph_data: {nodes: []}}});
    const health = await client.GET('/healthz');
    if (!engines.data || !plain.data || !full.data || !summary.data || !speedscope.data || !alone.data || !refused.error || !health.data)
        throw new Error('an answer without what was declared for it');
    const {graph_output: output, traces} = envelope(full.data);
    const hotspots = envelope(summary.data).traces?.hotspots;
    const chart = envelope(speedscope.data).traces;
    if (!traces || !hotspots || !chart || output.engine !== 'mermaid' || plain.data.engine !== 'mermaid')
        throw new Error('an answer without what was declared for it');
    // @ts-expect-error it is a string
    known<number>(traces.metadata.name);
    // @ts-expect-error the answers of other engines have it
    known(output.dot);
    if (output.mermaid !== plain.data.mermaid)
        throw new Error('the output differs with a trace');

    return {
        engines: engines.data.engines.map(({name}) => name),
        mermaid: known(output.mermaid),
        nodes: known(envelope(summary.data).graph_output.node_count),
        name: known(traces.metadata.name),
        calls: (traces.call_tree ?? []).map((call) => known(call.name)),
        hottest: hotspots.map((spot) => known(spot.self_ms)),
        frames: known(chart.shared.frames.length),
        alone: roots(trace(alone.data).call_tree),
        refusal: known(refused.error.pointer),
        status: health.data.status,
    };
}
