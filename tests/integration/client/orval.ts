// SPDX-License-Identifier: MIT
// A client as users of orval write it: its functions send, its zod schemas check and type what comes back.
import {envelope, known, request, roots, trace, tracesOnly, type Reading} from './known.js';
import {listEngines, renderGraph, renderGraphFull, renderGraphSpeedscope, renderGraphSummary} from './orval/fetch.js';
import * as schemas from './orval/zod.js';

export async function use(html: string): Promise<Reading> {
    const route = ['html', 'mermaid', 'default'] as const;
    const body = request(html, 'orval');
    const engines = schemas.listEnginesResponse.parse((await listEngines()).data);
    const plain = schemas.renderGraphResponse.parse((await renderGraph(...route, body)).data);
    const full = envelope(schemas.renderGraphFullResponse.parse((await renderGraphFull(...route, body)).data));
    const summary = envelope(schemas.renderGraphSummaryResponse.parse((await renderGraphSummary(...route, body)).data));
    const speedscope = envelope(schemas.renderGraphSpeedscopeResponse.parse((await renderGraphSpeedscope(...route, body)).data));
    const alone = trace(schemas.renderGraphFullResponse.parse((await renderGraphFull(...route, tracesOnly(html))).data));
    const refused = await renderGraph(...route, {graph_data: {nodes: []}});

    if (!full.traces || !summary.traces || !speedscope.traces || full.graph_output.engine !== 'mermaid' || plain.engine !== 'mermaid' || refused.status !== 422)
        throw new Error('an answer without what was declared for it');
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
        refusal: known(refused.data.pointer),
    };
}
