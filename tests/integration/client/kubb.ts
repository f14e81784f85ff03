// SPDX-License-Identifier: MIT
// A client as users of kubb write it: types from one plugin, and zod schemas from another that check what comes back.
import {envelope, known, request, roots, trace, tracesOnly, type Reading} from './known.js';
import * as kubb from './kubb/index.js';

export async function use(html: string, baseURL: string): Promise<Reading> {
    const config = {baseURL, headers: {'Content-Type': 'application/json'}};
    const route = {source: 'html', engine: 'mermaid', transformation: 'default'} as const;
    const body = request(html, 'kubb');
    const engines = (await kubb.listEngines(config)).data;
    const plain = (await kubb.renderGraph({...route, data: body}, config)).data;
    const full = envelope((await kubb.renderGraphFull({...route, data: body}, config)).data);
    const summary = envelope((await kubb.renderGraphSummary({...route, data: body}, config)).data);
    const speedscope = envelope((await kubb.renderGraphSpeedscope({...route, data: body}, config)).data);
    const alone = trace((await kubb.renderGraphFull({...route, data: tracesOnly(html)}, config)).data);
    const refused = await kubb.renderGraph({...route, data: {graph_data: {nodes: []}}}, config);

    if (!full.traces || !summary.traces || !speedscope.traces || full.graph_output.engine !== 'mermaid' || plain.engine !== 'mermaid' || refused.status !== 422)
        throw new Error('an answer without what was declared for it');
    kubb.renderGraphFullMutationResponseSchema.parse(full);
    kubb.renderGraphSummaryMutationResponseSchema.parse(summary);
    kubb.renderGraphSpeedscopeMutationResponseSchema.parse(speedscope);
    // @ts-expect-error it is a string
    known<number>(full.traces.metadata.name);
    // @ts-expect-error the answers of other engines have it
    known(full.graph_output.dot);
    if (full.graph_output.mermaid !== plain.mermaid)
        throw new Error('the output differs with a trace');
    return {
        engines: engines.engines.map(({name}) => name),
        mermaid: known(full.graph_output.mermaid),
        nodes: known(summary.graph_output.node_count),
        name: known(full.traces.metadata.name),
        calls: (full.traces.call_tree ?? []).map((call) => known(call.name)),
        hottest: summary.traces.hotspots.map((spot) => known(spot.self_ms)),
        frames: known(speedscope.traces.shared.frames.length),
        alone: roots(alone.call_tree),
        refusal: known((refused.data as unknown as kubb.Problem).pointer),
    };
}
