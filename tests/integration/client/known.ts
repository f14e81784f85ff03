// SPDX-License-Identifier: MIT
// What the tests of all generated clients share.

/** What a client read in the answers. */
export interface Reading {
    engines: string[];
    mermaid: string;
    nodes: number;
    name: string;
    calls: string[];
    hottest: number[];
    frames: number;
    alone: string[];
    refusal: string | undefined;
}

/** Its argument. Does not compile if the type is any or unknown: then the generator has not understood the document. */
export function known<T>(value: 0 extends 1 & T ? never : unknown extends T ? never : T): T {
    return value as T;
}

/** The largest request that all clients send. */
export const request = (html: string, name: string) => ({graph_data: {html}, trace_config: {capture_traces: true, name, top_n: 3}});
export const tracesOnly = (html: string) => ({
    graph_data: {html}, trace_config: {capture_traces: true, trace_output: 'traces_only' as const, call_tree: 'flat' as const},
});

/** `answer` as the envelope that holds output and trace; throws if it is another of the documents that a route may answer. */
export function envelope<T extends object>(answer: T | null): Extract<T, {graph_output: unknown}> {
    if (answer === null || !('graph_output' in answer))
        throw new Error('no envelope');
    return answer as Extract<T, {graph_output: unknown}>;
}

/** `answer` as the trace document itself. Neither an envelope nor the output of a route whose trace is only stored is one. */
export function trace<T extends object>(answer: T | null): Exclude<T, {graph_output: unknown} | {engine: unknown}> {
    if (answer === null || 'graph_output' in answer || 'engine' in answer)
        throw new Error('no trace');
    return answer as Exclude<T, {graph_output: unknown} | {engine: unknown}>;
}

/** The names of the calls without a parent in a flat call tree; throws if the tree has another form. */
export function roots(calls: ({name: string} & ({parent: number | null} | {children: unknown[]}))[] | null): string[] {
    return (calls ?? []).flatMap((call) => {
        if (!('parent' in call))
            throw new Error('not flat');
        return call.parent === null ? [known(call.name)] : [];
    });
}
