// SPDX-License-Identifier: MIT
// The formats for other tools tell of the same calls as the other documents, to the nanosecond, and pprof itself says so.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {RUNS, foldedName, goPprof, knownRuns, readChrome, readFolded, readPprof, stacksOf} from './support/profiles.js';
import {checkSpeedscope} from './support/speedscope.js';

let runs;
before(() => (runs = knownRuns()));
after(() => runs?.close());

const sum = (values) => values.reduce((total, value) => total + value, 0);
const frameKey = ({name, file, line}) => JSON.stringify([name, file, line]);
const plainCall = ({name, file, line, start, end, depth}) => ({name, file, line, start, end, depth});
const sorted = (list) => list.map((item) => JSON.stringify(item)).sort();
const selfOf = (run) => sum(runs.json(run, 'full').method_timings.map(({self_ns}) => self_ns));

/** The threads with calls as the speedscope document tells of them: [{tid, name, calls}]. */
function threadsOf(run) {
    const document = runs.json(run, 'speedscope');
    const calls = checkSpeedscope(document);
    return document.profiles.map(({name}, i) => {
        const [, own, tid] = /: (?:(.*) )?(?:thread (\d+), \d+ % inside|no thread)/s.exec(name);
        return {tid: Number(tid ?? -1), name: own ?? '', calls: calls[i]};
    }).filter((thread) => thread.calls.length > 0);
}

describe('folded stacks', () => {
    for (const run of RUNS) {
        it(`${run}: a line for each stack with self time, which add up to that of the trace`, () => {
            const lines = readFolded(runs.bytes(run, 'folded'));
            const threads = threadsOf(run);
            assert.equal(sum(lines.map(({ns}) => ns)), selfOf(run));
            const expected = new Map();
            for (const {tid, name, calls} of threads) {
                const root = threads.length > 1 ? [foldedName(`${name} thread`.trim()) + ` ${tid}`] : [];
                for (const [key, {ns}] of stacksOf(calls, (stack) => [...root, ...stack.map((call) => foldedName(call.name))].join(';')))
                    expected.set(key, (expected.get(key) ?? 0) + ns);
            }
            const found = new Map();
            for (const {stack, ns} of lines)
                found.set(stack.join(';'), (found.get(stack.join(';')) ?? 0) + ns);
            assert.deepEqual(found, new Map([...expected].filter(([, ns]) => ns > 0).sort(([a], [b]) => [...found.keys()].indexOf(a) - [...found.keys()].indexOf(b))));
        });
    }
});

describe('the Trace Event Format', () => {
    for (const run of RUNS) {
        it(`${run}: every call, where and when it was, in an order that nests`, () => {
            const threads = readChrome(runs.json(run, 'chrome')).filter(({calls, instants}) => calls.length + instants.length > 0);
            const expected = threadsOf(run);
            assert.deepEqual(threads.map(({name, tid}) => [name, tid]), expected.map(({name, tid}) => [name, tid]));
            for (const [i, {calls, instants}] of threads.entries()) {
                assert.deepEqual(calls.map(plainCall), expected[i].calls.map(plainCall).filter(({start, end}) => end > start));
                const anyDepth = ({name, file, line, start}) => ({name, file, line, start});
                assert.deepEqual(sorted(instants.map(anyDepth)), sorted(expected[i].calls.filter(({start, end}) => end === start).map(anyDepth)));
            }
        });
        it(`${run}: what was said of calls and of the trace`, () => {
            const {metadata, entries} = runs.json(run, 'full');
            const {traceEvents, otherData} = runs.json(run, 'chrome');
            for (const field of ['name', 'trace_id', 'started_at', 'error', 'own_error', 'notes', 'truncated', 'dropped_spans', 'overhead', 'threads'])
                assert.deepEqual(otherData[field], metadata[field], field);
            const told = ({name, error, notes}) => ({name, error, notes});
            const exits = entries.filter(({event}) => event === 'exit').map(told);
            assert.deepEqual(sorted(traceEvents.filter(({ph}) => ph === 'E' || ph === 'i').map(({name, args}) => told({name, ...args}))), sorted(exits));
        });
    }
    it('threads that had one number have tracks of their own', () => {
        const threads = readChrome(runs.json('same-number', 'chrome')).filter(({calls}) => calls.length > 0);
        assert.deepEqual(threads.map(({name, calls}) => [name, ...calls.map(({start, end}) => `${start}-${end}`)]),
            [['first', '10-30', '10-30'], ['second', '15-35', '15-35']]);
        assert.equal(threads[0].tid, 7);
        assert.ok(threads[1].tid > 1 << 22, 'no number of the kernel');
    });
});

describe('profiles of pprof', () => {
    for (const run of RUNS) {
        it(`${run}: calls and self time of each stack on each thread`, () => {
            const profile = readPprof(runs.bytes(run, 'pprof'));
            const {metadata, method_timings: timings} = runs.json(run, 'full');
            assert.deepEqual([profile.types, profile.defaultType], [[['calls', 'count'], ['wall', 'nanoseconds']], 'wall']);
            assert.equal(Number(profile.durationNs), metadata.total_duration_ns);
            assert.equal(profile.timeNs % 1000000000n, BigInt(metadata.started_at.slice(-10, -1)));
            assert.ok(profile.comments.includes(`trace_id: ${metadata.trace_id}`) && profile.comments.includes(`name: ${metadata.name}`));
            assert.equal(profile.comments.includes(`truncated, dropped spans: ${metadata.dropped_spans}`), metadata.truncated);
            assert.deepEqual(sorted(profile.functions), sorted(timings.map(({name, file, line}) => ({name, file, line}))));
            const key = (thread, stack) => JSON.stringify([thread.name, thread.tid, ...stack.map(frameKey)]);
            const expected = new Map(threadsOf(run).flatMap((thread) => [...stacksOf(thread.calls, (stack) => key(thread, stack))]));
            const found = profile.samples.map(({stack, values: [calls, ns], labels: {thread = '', tid}}) => [key({name: thread, tid}, stack.reverse()), {calls, ns}]);
            assert.deepEqual(sorted(found), sorted([...expected]));
        });
    }
});

/** What `go tool pprof -top` says of each function: a map from name to [flat, cum]. */
function topOf(run, type) {
    const text = goPprof(runs.directory, '-top', `-sample_index=${type}`, '-unit=ns', '-nodecount=100000', '-nodefraction=0', '-symbolize=none', runs.path(run, 'pprof'));
    const rows = text.slice(text.indexOf('flat%')).split('\n').slice(1, -1);
    return new Map(rows.map((row) => {
        const [, flat, cum, name] = /^ *(\S+) +\S+% +\S+% +(\S+) +\S+% {2}(.*)$/.exec(row) ?? assert.fail(`no row: ${row}`);
        const number = (figure) => Number(/^(\d+)(ns)?$/.exec(figure)?.[1] ?? assert.fail(`no whole number: ${figure}`));
        return [name.replace(/ \(inline\)$/, ''), [number(flat), number(cum)]];
    }));
}

/** The same from the calls: of nested calls of one name, the outermost counts. */
function expectedTop(run) {
    const rows = new Map();
    const add = (name, values) => rows.set(name, (rows.get(name) ?? [0, 0, 0]).map((value, i) => value + values[i]));
    for (const {calls} of threadsOf(run)) {
        const open = [];
        for (const call of calls) {
            open.length = call.depth;
            if (open.length > 0)
                add(open.at(-1), [call.start - call.end, 0, 0]);
            add(call.name, [call.end - call.start, open.includes(call.name) ? 0 : call.end - call.start, 1]);
            open.push(call.name);
        }
    }
    return rows;
}

describe('go tool pprof', () => {
    for (const run of RUNS.filter((name) => name.startsWith('random') || name === 'truncated' || name === 'ties' || name === 'deep')) {
        it(`${run}: flat and cumulative times, and calls, are those of the trace`, () => {
            const expected = expectedTop(run);
            const wall = new Map([...expected].map(([name, [flat, cum]]) => [name, [flat, cum]]).filter(([, [, cum]]) => cum > 0));
            const found = topOf(run, 'wall');
            assert.deepEqual(sorted([...found].filter(([, [, cum]]) => cum > 0)), sorted([...wall]));
            const calls = topOf(run, 'calls');
            assert.deepEqual(sorted([...calls].map(([name, [flat]]) => [name, flat])), sorted([...expected].map(([name, [, , count]]) => [name, count])));
            // Where no two functions share a name, these are the figures of the full document.
            for (const {name, self_ns: self, total_ns: total, call_count: count} of runs.json(run, 'full').method_timings) {
                if (run === 'ties' && name === 'inner')
                    continue;
                assert.deepEqual([found.get(name) ?? [0, 0], calls.get(name)[0]], [[self, total], count], name);
            }
        });
    }
    it('takes every name as it is', () => {
        for (const run of ['hostile', 'request', 'unentered', 'deep']) {
            const copy = path.join(runs.directory, 'copy.pb');
            goPprof(runs.directory, '-proto', '-symbolize=none', `-output=${copy}`, runs.path(run, 'pprof'));
            const [ours, theirs] = [readPprof(runs.bytes(run, 'pprof')), readPprof(fs.readFileSync(copy))];
            assert.deepEqual(sorted(theirs.samples), sorted(ours.samples));
            for (const member of ['types', 'comments', 'timeNs', 'durationNs'])
                assert.deepEqual(theirs[member], ours[member], member);
        }
    });
    it('decodes and shortens no name', () => {
        const raw = goPprof(runs.directory, '-raw', runs.path('hostile', 'pprof'));
        const {functions} = readPprof(runs.bytes('hostile', 'pprof'));
        assert.ok(functions.some(({name}) => name.includes('<')) && functions.some(({name}) => name.startsWith('_Z')));
        for (const {name, file, line} of functions.filter((one) => one.name !== ''))
            assert.ok(raw.includes(` M=1 ${name} ${file}:${line} `), name);
    });
    it('names threads by labels', () => {
        const tags = goPprof(runs.directory, '-tags', '-unit=ns', '-symbolize=none', runs.path('request', 'pprof'));
        assert.match(tags, /thread: Total .*\n.*: main\n.*: worker\/1\n/);
    });
});
