// SPDX-License-Identifier: MIT
// The real speedscope reads the formats for other tools, and its own model of them has the times of the trace.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';

import {ENDINGS, foldedName, knownRuns, stacksOf} from '../integration/support/profiles.js';
import {callsOf, checkSpeedscope} from '../integration/support/speedscope.js';
import {startApp} from './support/app.js';

const RUNS = ['request', 'truncated', 'ties', 'hostile', 'random-1', 'random-2', 'random-5'];

let app;
let runs;
before(async () => {
    runs = knownRuns();
    app = await startApp();
});
after(async () => {
    await app?.close();
    runs?.close();
});

/** The app's model of a document: its calls, one array a thread, in nanoseconds. */
async function modelOf(run, format, nsOfUnit) {
    const view = await app.open(runs.bytes(run, format), run, ENDINGS[format]);
    try {
        const model = await view.model();
        view.checkCalm();
        const inNs = (value) => Math.round(value * nsOfUnit);
        return {
            profiles: model.profiles,
            threads: callsOf(model).map((calls) => calls.map((call) => ({...call, start: inNs(call.start), end: inNs(call.end)}))),
        };
    } finally {
        await view.close();
    }
}

/** The threads with calls as the speedscope document of the run tells of them. */
const threadsOf = (run) => checkSpeedscope(runs.json(run, 'speedscope')).filter((calls) => calls.length > 0);

/** A name as the app shows it: it decodes those of C++ compilers. */
const shown = (name) => (name === '_ZN3foo3barEv' ? 'foo::bar()' : name);

const withTime = (stacks) => [...stacks].filter(([, {ns}]) => ns > 0).map(([key, {ns}]) => `${key} ${ns}`).sort();
const merged = (threads, key) => {
    const all = new Map();
    for (const [i, calls] of threads.entries())
        for (const [stack, {ns}] of stacksOf(calls, (frames) => key(frames, i)))
            all.set(stack, {ns: (all.get(stack)?.ns ?? 0) + ns});
    return withTime(all);
};

/** Of each frame: self time, and total time in which recursion counts once. */
function weightsOf(threads, key) {
    const weights = new Map();
    const add = (frame, self, total) => {
        const [oldSelf, oldTotal] = weights.get(frame) ?? [0, 0];
        weights.set(frame, [oldSelf + self, oldTotal + total]);
    };
    for (const calls of threads) {
        const open = [];
        for (const call of calls) {
            open.length = call.depth;
            if (open.length > 0)
                add(open.at(-1), call.start - call.end, 0);
            add(key(call), call.end - call.start, open.includes(key(call)) ? 0 : call.end - call.start);
            open.push(key(call));
        }
    }
    return [...weights].filter(([, [, total]]) => total > 0).map(([frame, times]) => JSON.stringify([frame, times])).sort();
}

describe('folded stacks', () => {
    for (const run of RUNS) {
        it(`${run}: stacks and self times are those of the trace`, async () => {
            const {threads, profiles} = await modelOf(run, 'folded', 1);
            assert.equal(profiles.length, 1);
            const expected = threadsOf(run);
            const names = (frames) => frames.map(({name}) => shown(foldedName(name))).join(';');
            const rootOf = (frames) => frames[0].name;
            if (expected.length === 1) {
                assert.deepEqual(merged(threads, names), merged(expected, names));
                assert.deepEqual(weightsOf(threads, ({name}) => name), weightsOf(expected, ({name}) => shown(foldedName(name))));
                return;
            }
            // A frame a thread, and below it what the thread did.
            const perThread = [...new Set(threads[0].filter(({depth}) => depth === 0).map(({name}) => name))];
            assert.equal(perThread.length, expected.length);
            for (const root of perThread)
                assert.match(root, /^(.* )?thread \d+$/);
            const below = (frames) => `${perThread.indexOf(rootOf(frames))}: ${names(frames.slice(1))}`;
            assert.deepEqual(merged(threads, below), merged(expected, (frames, i) => `${i}: ${names(frames)}`));
        });
    }
});

/** As the app names a frame of the Trace Event Format: with the arguments behind the name. */
const chromeName = ({name, file, line}) => `${name || '(unnamed)'} ${JSON.stringify({file, line})}`;

describe('the Trace Event Format', () => {
    for (const run of RUNS) {
        it(`${run}: every call that has a length, thread by thread`, async () => {
            const {threads} = await modelOf(run, 'chrome', 1000);
            const expected = threadsOf(run).map((calls) => calls.filter(({start, end}) => end > start)).filter((calls) => calls.length > 0);
            const plain = ({start, end, depth}, name, from) => ({name, start: start - from, end: end - from, depth});
            const sortedThreads = (list) => list.map((calls) => JSON.stringify(calls)).sort();
            // The app begins each thread with its first call, and orders threads by their numbers.
            assert.deepEqual(sortedThreads(threads.map((calls) => calls.map((call) => plain(call, call.name, 0)))),
                sortedThreads(expected.map((calls) => calls.map((call) => plain(call, chromeName(call), calls[0].start)))));
            assert.deepEqual(weightsOf(threads, ({name}) => name), weightsOf(expected, chromeName));
        });
    }
});

describe('profiles of pprof', () => {
    for (const run of [...RUNS, 'deep']) {
        it(`${run}: functions, stacks and self times are those of the trace`, async () => {
            const {threads, profiles} = await modelOf(run, 'pprof', 1);
            assert.deepEqual(profiles.map(({unit}) => unit), ['nanoseconds']);
            const named = ({name, file, line}) => JSON.stringify([shown(name) || '(unknown)', file, line]);
            const stack = (frames) => frames.map(named).join(';');
            const expected = threadsOf(run);
            assert.deepEqual(merged(threads, stack), merged(expected, stack));
            assert.deepEqual(weightsOf(threads, named), weightsOf(expected, named));
        });
    }
});
