// SPDX-License-Identifier: MIT
// A client as users of swagger-typescript-api write it.
import {envelope, known, request, roots, trace, tracesOnly, type Reading} from './known.js';
import {Api, type HttpResponse, type Problem} from './swagger/api.js';

export async function use(html: string, baseUrl: string): Promise<Reading> {
    const {graph} = new Api({baseUrl});
    const route = ['html', 'mermaid', 'default'] as const;
    const body = request(html, 'swagger');
    const engines = (await graph.listEngines()).data;
    const plain = (await graph.renderGraph(...route, body)).data;
    const full = envelope((await graph.renderGraphFull(...route, body)).data);
    const summary = envelope((await graph.renderGraphSummary(...route, body)).data);
    const speedscope = envelope((await graph.renderGraphSpeedscope(...route, body)).data);
    const alone = trace((await graph.renderGraphFull(...route, tracesOnly(html))).data);
    const refused: HttpResponse<unknown, Problem> = await graph.renderGraph(...route, {graph_data: {nodes: []}}).then(
        () => Promise.reject(new Error('no refusal')), (answer) => answer);

    if (!full.traces || !summary.traces || !speedscope.traces || full.graph_output.engine !== 'mermaid' || plain.engine !== 'mermaid')
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
        refusal: known(refused.error.pointer),
    };
}
