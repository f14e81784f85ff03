// SPDX-License-Identifier: MIT
// The examples as the tests run them, and what a trace says of its threads.
import assert from 'node:assert/strict';

import {get, post} from '../integration/support/client.js';
import {built} from '../integration/support/process.js';
import {checkSpeedscope} from '../integration/support/speedscope.js';

export const example = (name) => built('examples', name);

export const CAPTURE = {trace_config: {capture_traces: true}};

/** Asks for a speedscope trace of `path`: {output, threads: [{name, spans: [...names, in order of their begin]}]}. */
export async function trace(server, path, query = '', headers = {}) {
    const answer = await post(server, `${path}/speedscope${query}`, CAPTURE, headers);
    assert.equal(answer.status, 200, answer.text());
    const {output, traces} = answer.json();
    return {output, threads: threadsOf(traces)};
}

export function threadsOf(document) {
    const calls = checkSpeedscope(document);
    return document.profiles.map(({name}, i) => ({name: name.match(/: (\S+) thread \d+, /)[1], spans: calls[i].map((call) => call.name)}));
}

/** What four_loops says of itself, as {name: number}. */
export async function statusOf(server) {
    const lines = (await get(server, '/status')).text().trimEnd().split('\n');
    return Object.fromEntries(lines.map((line) => line.split(' ')).map(([name, value]) => [name, Number(value)]));
}
