// SPDX-License-Identifier: MIT
// P13: compares the graph service on a page of 200 paragraphs, each a span with a formatted name, with every request traced and
// with none.
import { hasWrk, inTurns, requestsPerSecond, rowOf, withServer } from './load.js';

const PARAGRAPHS = 200;
const ROUTE = '/graph/from/html/to/tree/default';
const LIMITS = { summary: 0.9, speedscope: 0.9, full: 0.7 };

// Without quotes, which the script of wrk would have to escape.
const html = Array.from({ length: PARAGRAPHS }, (_, i) => `<p id=p${i}>Paragraph ${i}</p>`).join('');
const body = JSON.stringify({ graph_data: { html }, trace_config: { capture_traces: true } });

export async function measure() {
    if (!hasWrk())
        return [{ what: 'dense page, every request traced', skipped: 'wrk is not installed' }];
    return withServer(async (server) => {
        const rows = [];
        for (const [format, least] of Object.entries(LIMITS)) {
            const samples = await inTurns(11, () => requestsPerSecond(server, `${ROUTE}/${format}`, body),
                                          () => requestsPerSecond(server, ROUTE, body));
            rows.push(rowOf(`dense page, every request traced, ${format}`, 'requests/s', 'traced', 'untraced', samples,
                            { of: 'ratio', at_least: least }));
        }
        return rows;
    }, ['glassbox', 'serve', '--port', '0']);
}
