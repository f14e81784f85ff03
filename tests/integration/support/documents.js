// SPDX-License-Identifier: MIT
// The full and the summary document: everything they claim is recomputed from their own parts, in integer nanoseconds.
import assert from 'node:assert/strict';

const nanoseconds = (ms) => Math.round(ms * 1e6);
const sum = (values) => values.reduce((total, value) => total + value, 0);

/** Calls from the entries, thread by thread, in the order they began; fails on an exit that matches no enter. */
function callsOfEntries(document) {
    const {start_time_ns: zero, end_time_ns: end} = document.metadata;
    const threads = new Map();
    for (const {name, event, timestamp_ns: at, depth, thread_id: thread} of document.entries) {
        const state = threads.get(thread) ?? {open: [], calls: [], now: zero};
        threads.set(thread, state);
        assert.ok(at >= state.now && at <= end, `time runs backwards or out of the capture: ${at}`);
        state.now = at;
        if (event === 'enter') {
            const call = {name, start: at - zero, end: null, depth: state.open.length};
            assert.equal(depth, call.depth);
            state.calls.push(call);
            state.open.push(call);
        } else {
            assert.equal(event, 'exit');
            const call = state.open.pop();
            assert.equal(call?.name, name, 'an exit must match the innermost enter');
            assert.equal(depth, call.depth);
            call.end = at - zero;
        }
    }
    for (const {open} of threads.values())
        assert.deepEqual(open, []);
    return new Map([...threads].map(([thread, {calls}]) => [thread, calls]));
}

/** The nested tree that the rows of a flat one tell of; fails on a row that is out of place. */
function nestedOf(rows) {
    const nodes = rows.map(({id, parent, ...call}) => ({...call, children: []}));
    for (const [i, {id, parent}] of rows.entries()) {
        assert.equal(id, i, 'the id is the place in the list');
        assert.equal(nodes[i].call_index, i);
        assert.ok(parent === null || parent < id, 'a parent comes before its children');
        if (parent !== null)
            nodes[parent].children.push(nodes[i]);
    }
    return nodes.filter((node, i) => rows[i].parent === null);
}

/** The roots of a call tree in either form. */
export const rootsOf = ({call_tree: tree}) => (tree.length > 0 && 'id' in tree[0] ? nestedOf(tree) : tree);

/** Calls from the call tree in the same form, with every node's own arithmetic checked on the way. */
export function callsOfTree(document) {
    const {start_time_ns: zero, end_time_ns: end} = document.metadata;
    const threads = new Map();
    const visit = (node, depth, thread, from, until) => {
        assert.equal(node.depth, depth);
        assert.equal(node.thread_id, thread);
        assert.ok(node.start_ns >= from && node.end_ns <= until, 'a call lies within its parent');
        assert.equal(node.duration_ns, node.end_ns - node.start_ns);
        assert.equal(node.self_ns, node.duration_ns - sum(node.children.map((child) => child.duration_ns)));
        assert.ok(node.self_ns >= 0);
        assert.equal(nanoseconds(node.duration_ms), node.duration_ns);
        assert.equal(nanoseconds(node.self_ms), node.self_ns);
        const calls = threads.get(thread) ?? [];
        threads.set(thread, calls);
        calls.push({name: node.name, start: node.start_ns - zero, end: node.end_ns - zero, depth});
        let earliest = node.start_ns;
        for (const child of node.children) {
            visit(child, depth + 1, thread, earliest, node.end_ns);
            earliest = child.end_ns;
        }
    };
    for (const root of rootsOf(document))
        visit(root, 0, root.thread_id, zero, end);
    return threads;
}

function indices(nodes) {
    return nodes.flatMap((node) => [node.call_index, ...indices(node.children)]);
}

/** What the timings of one name must be, by the definition: of calls of one name that nest only the outermost is total. */
function timingsOf(threads) {
    const byName = new Map();
    for (const calls of threads.values()) {
        const open = [];
        for (const {name, start, end, depth} of calls) {
            open.length = depth;
            const timing = byName.get(name) ?? {calls: 0, sum: 0, total: 0, min: Infinity, max: 0};
            byName.set(name, timing);
            timing.calls += 1;
            timing.sum += end - start;
            timing.total += open.includes(name) ? 0 : end - start;
            timing.min = Math.min(timing.min, end - start);
            timing.max = Math.max(timing.max, end - start);
            open.push(name);
        }
    }
    return byName;
}

function checkTimings(document, threads) {
    const timings = document.method_timings;
    const expected = timingsOf(threads);
    assert.equal(document.metadata.method_count, timings.length);
    const totals = timings.map(({total_ns}) => total_ns);
    assert.deepEqual(totals, [...totals].sort((a, b) => b - a), 'timings come by total time');
    assert.equal(new Set(timings.map(({name, file, line}) => JSON.stringify([name, file, line]))).size, timings.length);
    assert.deepEqual(new Set(timings.map(({name}) => name)), new Set(expected.keys()));
    for (const timing of timings) {
        assert.equal(nanoseconds(timing.total_ms), timing.total_ns);
        assert.equal(nanoseconds(timing.self_ms), timing.self_ns);
        // Two call sites may share a name; where they do not, every number is known from the calls alone.
        if (timings.filter(({name}) => name === timing.name).length > 1)
            continue;
        const {calls, sum: all, total, min, max} = expected.get(timing.name);
        assert.ok(Math.abs(nanoseconds(timing.avg_ms) - all / calls) <= 1, `the average of ${timing.name}`);
        assert.deepEqual([timing.call_count, timing.total_ns, timing.min_ns, timing.max_ns], [calls, total, min, max], timing.name);
    }
}

/** Nothing is lost to doubles: the wall clock is read once, so the two clocks of every entry differ by the same. */
function checkClocks(text) {
    const shifts = new Set();
    for (const [, monotonic, wall] of text.matchAll(/"timestamp_ns":(\d+),"clock_ns":(\d+)/g))
        shifts.add(BigInt(wall) - BigInt(monotonic));
    assert.ok(shifts.size <= 1, 'the wall clock and the monotonic clock drift apart');
}

function checkTree(document, threads) {
    assert.deepEqual(callsOfTree(document), threads, 'entries and tree tell of the same calls');
    const roots = rootsOf(document);
    const total = sum(roots.map(({duration_ns}) => duration_ns));
    assert.equal(sum(document.method_timings.map(({self_ns}) => self_ns)), total, 'self times add up to the roots');
    assert.equal(new Set(indices(roots)).size * 2, document.entries.length, 'every call has an index of its own');
}

/** Asserts that a full document agrees with itself, and returns its calls: a map from thread to calls. */
export function checkFull(document, text) {
    const {metadata} = document;
    const threads = callsOfEntries(document);
    assert.deepEqual(Object.entries(document)[0], ['response_type', 'full']);
    assert.equal(metadata.max_depth, document.entries.reduce((deepest, {depth}) => Math.max(deepest, depth + 1), 0));
    if (document.call_tree !== null)
        checkTree(document, threads);
    assert.equal(metadata.entry_count, document.entries.length);
    assert.equal(metadata.total_duration_ns, metadata.end_time_ns - metadata.start_time_ns);
    assert.equal(nanoseconds(metadata.total_duration_ms), metadata.total_duration_ns);
    checkTimings(document, threads);
    checkClocks(text);
    return threads;
}

/** Asserts that a summary agrees with itself; `complete` says that it lists every method and ran in one thread. */
export function checkSummary(document, {complete = true} = {}) {
    const {hotspots} = document;
    assert.deepEqual(Object.entries(document)[0], ['response_type', 'summary']);
    const self = hotspots.map(({self_ms}) => nanoseconds(self_ms));
    assert.deepEqual(self, [...self].sort((a, b) => b - a), 'hotspots come by self time');
    assert.equal(document.entry_count % 2, 0);
    for (const {calls, min_ms, avg_ms, p95_ms, max_ms, self_ms, total_ms} of hotspots) {
        assert.ok(calls > 0 && self_ms <= total_ms);
        assert.ok(min_ms <= avg_ms && avg_ms <= max_ms && min_ms <= p95_ms && p95_ms <= max_ms);
    }
    for (const {count, total_ms} of document.repeats)
        assert.ok(count >= 3 && total_ms >= 0);
    const total = sum(self);
    if (complete) {
        assert.equal(hotspots.length, document.method_count);
        assert.equal(sum(hotspots.map(({calls}) => calls)) * 2, document.entry_count);
        assert.equal(total + nanoseconds(document.unattributed_ms), nanoseconds(document.total_duration_ms));
        for (const [i, {percentage}] of hotspots.entries())
            assert.ok(Math.abs(percentage - (total === 0 ? 0 : (100 * self[i]) / total)) < 1e-3);
    }
    return document;
}

/** Asserts that three documents of one run tell the same: calls are compared by the callers, sums and names here. */
export function checkAgreement(full, summary, speedscopeCalls) {
    const bySelf = new Map(full.method_timings.map((timing) => [JSON.stringify([timing.name, timing.file, timing.line]), timing]));
    assert.equal(summary.hotspots.length, full.method_timings.length);
    for (const hotspot of summary.hotspots) {
        const timing = bySelf.get(JSON.stringify([hotspot.name, hotspot.file, hotspot.line]));
        assert.ok(timing, `${hotspot.name} is in the full document`);
        assert.deepEqual(
            [hotspot.calls, nanoseconds(hotspot.self_ms), nanoseconds(hotspot.total_ms), nanoseconds(hotspot.min_ms), nanoseconds(hotspot.max_ms)],
            [timing.call_count, timing.self_ns, timing.total_ns, timing.min_ns, timing.max_ns]);
    }
    for (const field of ['name', 'trace_id', 'started_at', 'entry_count', 'method_count', 'total_duration_ms', 'truncated', 'dropped_spans', 'overhead', 'threads'])
        assert.deepEqual(summary[field], full.metadata[field], field);
    const plain = (calls) => calls.map(({name, start, end, depth}) => ({name, start, end, depth}));
    assert.deepEqual(speedscopeCalls.map(plain), [...callsOfTree(full).values()].map(plain));
    const frames = new Set(speedscopeCalls.flat().map(({name, file, line}) => JSON.stringify([name, file, line])));
    assert.deepEqual(frames, new Set(bySelf.keys()));
}
