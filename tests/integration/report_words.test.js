// SPDX-License-Identifier: MIT
// What people read in a report, word for word: its Markdown, what a run cannot show, and what is acknowledged.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {failure, holdRun, output, run, tellRun} from './support/stores.js';
import {checkSarif, checkSchema} from './support/schemas.js';
import {query, span, times, trace} from './support/told.js';

let top;
before(() => (top = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-report-words-'))));
after(() => fs.rmSync(top, {recursive: true}));

let fresh = 0;
/** A new store with a run of these traces: {store, id}. */
function told(traces, options) {
    const store = path.join(top, `store-${++fresh}`);
    return {store, id: tellRun(store, traces, options)};
}
const markdown = (store, ...args) => output(['report', '--store', store, ...args]);
function json(store, ...args) {
    const document = JSON.parse(output(['report', '--store', store, '--format', 'json', ...args]));
    checkSchema('report', document);
    return document;
}
const sarif = (store) => {
    const document = JSON.parse(output(['report', '--store', store, '--format', 'sarif']));
    checkSarif(document);
    return document.runs[0];
};
/** A report without what is another in each run: signatures, trace ids, and instants. */
const plain = (text) => text.replaceAll(/`[0-9a-f]{16}`/g, 'SIGNATURE').replaceAll(/(trace `#\d+`) `[0-9a-f]{8}`/g, '$1 ID')
    .replaceAll(/Run `[^`]*`/g, 'Run ID').replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'INSTANT').split('\n');
const sections = (text, heading) => text.slice(text.indexOf(`## ${heading}\n`)).split(/\n(?=## )/)[0].trim().split('\n');

const loop = (count, self_ns = 2000) => trace('/orders', [span('list_orders', 1000, times(count, (i) => query(`SELECT ${i}`, self_ns)), {line: 57})]);

describe('a report in Markdown', () => {
    it('says what it is about, and what to change', () => {
        const {store} = told([loop(6), loop(9), trace('/x', [], {status: 503}), trace('/y', [span('a', 1000, [], {file: ''})])]);
        const text = markdown(store);
        assert.deepEqual(plain(text).slice(0, 7), [
            '# Glassbox report', '',
            'Run ID of `told`, INSTANT to INSTANT UTC: 4 traces with 18 spans, 1 failed, 0 lost.', '',
            'What this run cannot show:', '',
            '- 1 of 4 traces has no spans: only its duration is known.',
        ]);
        assert.deepEqual(sections(plain(text).join('\n'), 'Suspected N+1 patterns'), [
            '## Suspected N+1 patterns', '',
            '| Route | Child | Where | Called by | Calls at once | Calls | Total | Traces | Signature |',
            '|---|---|---|---|--:|--:|--:|--:|---|',
            '| `GET /orders` | `SELECT ?` | `src/shop.c:57` | `list_orders` | 9 | 15 | 30.0 µs | 2 | SIGNATURE |',
        ]);
        assert.deepEqual(sections(plain(text).join('\n'), 'Hot spans').slice(4), [
            '| `SELECT` | `src/sqlite/trace.c:1` | 15 | 30.0 µs | 90.9 % | 2.00 µs | 2 | SIGNATURE |',
            '| `list_orders` | `src/shop.c:57` | 2 | 2.00 µs | 6.1 % | 1.00 µs | 2 | SIGNATURE |',
            '| `a` |  | 1 | 1.00 µs | 3.0 % | 1.00 µs | 1 | SIGNATURE |',
        ]);
        assert.deepEqual(sections(plain(text).join('\n'), 'Recommendations'), [
            '## Recommendations', '',
            '1. `GET /x`: (no span) fails: status 503.',
            '   Look at one of the traces: what ran before the failure is there with its notes.',
            '   Evidence: trace `#3` ID. [error](docs/findings.md#error), SIGNATURE',
            '2. `GET /orders`: list_orders makes up to 9 calls with different arguments: SELECT ?.',
            '   Ask for all rows at once, by a join or by a list of keys, and keep the answers by key.',
            '   Would save 10.0 µs to 16.0 µs of a request, in 2 traces; 26.0 µs in all. Evidence: `src/shop.c:57`, trace `#2` ID, trace `#1` ID. [n-plus-one](docs/findings.md#n-plus-one), SIGNATURE',
            '3. SELECT takes 90.9 % of the time of all spans itself.',
            '   Make the code of the span cheaper, call it less often, or add spans inside to see what it does.',
            '   Would save at most 12.0 µs to 18.0 µs of a request, in 2 traces; 30.0 µs in all. Evidence: `src/sqlite/trace.c:1`, trace `#2` ID, trace `#1` ID. [hot-span](docs/findings.md#hot-span), SIGNATURE',
        ]);
    });
    it('names no range where there is none, and a route only where it says more', () => {
        const text = markdown(told([trace('/slow', [span('work', 200_000_000)])], {service: ''}).store);
        assert.deepEqual(sections(plain(text).join('\n'), 'Recommendations').filter((line) => /^\d|Would/.test(line)).map((line) => line.replace(/ Evidence.*/, '')), [
            '1. GET /slow takes 200 ms at the median and 200 ms at the 95th percentile.',
            '2. work takes 100.0 % of the time of all spans itself.',
            '   Would save at most 200 ms of a request, in 1 trace; 200 ms in all.',
        ]);
        assert.match(text, /\nRun `[^`]*` of `\?`, /);
    });
    it('has no recommendations if nothing is worth one', () => {
        const {store} = told([trace('/', times(6, (i) => span(`part.${'abcdef'[i]}`, 1000, [], {line: 20 + i})))]);
        assert.deepEqual(json(store).recommendations, []);
        assert.doesNotMatch(markdown(store), /Recommendations/);
    });
    it('counts what it leaves out, one or several, of all rules together', () => {
        const {store} = told(times(3, (i) => trace(`/${'abc'[i]}`, [span(`part.${'abc'[i]}`, 1000, [], {line: 20 + i})])));
        assert.match(markdown(store, '--top', '2'), /\n1 more is left out; `--top` says how many are shown\.\n/);
        assert.match(markdown(store, '--top', '1'), /\n2 more are left out; `--top` says how many are shown\.\n/);
        assert.equal(json(store, '--top', '1').left_out, 4);
        assert.equal(json(store, '--top', '1').recommendations.length, 1);
        assert.doesNotMatch(markdown(store, '--top', '3'), /left out/);
    });
    it('cuts long names, and escapes what only looks like mark-up', () => {
        const name = (text, more) => trace('/', [span(text, 1000, [], {fail: text, ...more})]);
        const recommended = (...traces) => sections(markdown(told(traces).store), 'Recommendations').filter((line) => /^\d+\. `GET/.test(line)).map((line) => line.split(' fails: ')[0].split('`: ')[1]);
        assert.deepEqual(recommended(name('snake_case')), ['snake_case']);
        assert.deepEqual(recommended(name('_odd')), ['\\_odd']);
        assert.deepEqual(recommended(name('std::move')), ['std::move']);
        assert.deepEqual(recommended(name('http://a')), ['http\\://a']);
        assert.deepEqual(recommended(name('WWW.a')), ['WWW\\.a']);
        assert.match(markdown(told([name('x'.repeat(300))]).store), /\| `x{100,160}…` \|/);
        assert.match(markdown(told([name(' x')]).store), /\| ` {2}x ` \|/);
        assert.match(markdown(told([name('a\\|b')]).store), /\| `a\\\\\\\|b` \|/);
    });
});

describe('what a run cannot show', () => {
    const spots = (store) => json(store).cannot_show.map(({sentence}) => sentence);

    it('is told for each kind of trace', () => {
        const full = trace('/', [query('SELECT 1')]);
        assert.deepEqual(spots(told([full, trace('/', [query('SELECT 2'), span('b', 10)], {max_spans: 1})]).store), ['1 of 2 traces is not complete: what was dropped is not counted.']);
        assert.deepEqual(spots(told([full, trace('/', []), trace('/', [])]).store), ['2 of 3 traces have no spans: only their durations are known.']);
        assert.deepEqual(spots(told([{...full, reasons: 1}, {...full, reasons: 5}, {...full, reasons: 16}]).store),
            ['1 of 3 traces was kept because it was slow, failed or the first of its route: the run does not show the usual request.']);
    });
    it('is told of damaged traces, unless all are', () => {
        const {store, id} = told([1, 2, 3].map((i) => trace('/', [query(`SELECT ${i}`)])));
        const file = path.join(store, `${id}.db`), bytes = fs.readFileSync(file);
        const frames = [];
        for (let at = -1; (at = bytes.indexOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), at + 1)) !== -1;)
            frames.push(at);
        assert.equal(frames.length, 3);
        bytes[frames[1]] = 0;
        fs.writeFileSync(file, bytes);
        assert.deepEqual(spots(store), ['1 of 3 traces is damaged and left out.']);
        frames.forEach((at) => (bytes[at] = 0));
        fs.writeFileSync(file, bytes);
        assert.match(failure(['report', '--store', store]), new RegExp(`^run ${id}: all of its traces are damaged$`));
    });
    it('is nothing at all without traces, or without a span', async () => {
        const empty = path.join(top, 'empty');
        const held = await holdRun(empty, 0);
        const reason = run(['report', '--store', empty]);
        await held.close();
        assert.deepEqual(reason, {status: 1, stdout: '', stderr: `glassbox report: run ${held.id}: it has no traces\n`});
        const bare = told([trace('/', [])]);
        assert.match(failure(['report', '--store', bare.store]), /^run \S+: none of its 1 trace has a span; add GBX_SPAN\(\)/);
    });
});

describe('a report for programs', () => {
    it('has the counts of its run, and null for what is not known', () => {
        const {store, id} = told([loop(6), trace('/y', [span('a', 1000, [], {file: ''})], {status: 500})], {service: 'shop'});
        const {run: {id: told_id, program, traces, failed, lost}, spans, findings} = json(store);
        assert.deepEqual({told_id, program, traces, failed, lost, spans}, {told_id: id, program: 'shop', traces: 2, failed: 1, lost: 0, spans: 8});
        assert.deepEqual(findings.filter(({rule, subject}) => rule === 'hot-span' && subject === 'a').map(({file, line}) => [file, line]), [[null, null]]);
    });
    it('tells SARIF where, in which traces, and what helps', () => {
        const {store, id} = told([loop(6), trace('/odd', [span('x', 100, [], {file: 'a\u00ea.c', line: 0, fail: 'x'})])]);
        const {findings} = json(store), {tool, invocations, results} = sarif(store);
        const of = (list, name) => list.find(({rule, ruleId}) => (rule ?? ruleId) === name);
        assert.deepEqual(of(results, 'error').locations[0].physicalLocation, {artifactLocation: {uri: 'a%C3%AA.c'}, region: {startLine: 1}});
        assert.equal(of(results, 'n-plus-one').locations[0].logicalLocations[0].fullyQualifiedName, 'SELECT ?');
        assert.deepEqual(of(results, 'n-plus-one').properties, {run: id, route: 'GET /orders', traces: of(findings, 'n-plus-one').evidence.map(({trace_id}) => trace_id)});
        assert.equal(tool.driver.rules.find(({id: rule}) => rule === 'n-plus-one').help.text,
            'Ask for all rows at once, by a join or by a list of keys, and keep the answers by key. See docs/findings.md#n-plus-one.');
        assert.equal(invocations[0].executionSuccessful, true);
        for (const format of ['json', 'sarif'])
            assert.match(output(['report', '--store', store, '--format', format]), /\}\n$/);
    });
    it('has the run that was named', () => {
        const {store, id} = told([loop(6)]);
        tellRun(store, [loop(6)], {after: id});
        assert.deepEqual([json(store, id).run.id, json(store, 'latest~1').run.id, json(store, '--run', id).run.id], [id, id, id]);
    });
});

describe('the order of findings', () => {
    const found = (traces, rule) => json(told(traces).store).findings.filter((finding) => finding.rule === rule);

    it('is by what they cost', () => {
        const subjects = (traces, rule) => found(traces, rule).map(({route, subject}) => `${route} ${subject}`);
        const failing = (name) => trace('/', [span(name, 1000, [], {fail: 'x'})]);
        assert.deepEqual(subjects([failing('a'), failing('b'), failing('b'), failing('c')], 'error')[0], 'GET / b');
        const wide = (route, count, ns) => trace(route, [span('wide', 1, times(count, () => span('part', ns, [], {line: 20})))]);
        assert.deepEqual(subjects([wide('/long', 21, 1000), wide('/many', 40, 10)], 'fan-out'), ['GET /long wide', 'GET /many wide']);
        const slow = (route, ns) => trace(route, [query('SELECT 1', ns)]);
        assert.deepEqual(subjects([...times(3, () => slow('/often', 150_000_000)), slow('/once', 300_000_000)], 'slow-query'), ['GET /often SELECT ?', 'GET /once SELECT ?']);
        assert.deepEqual(found([...times(3, () => slow('/often', 15)), slow('/once', 30)], 'slow-endpoint').map(({subject}) => subject), ['GET /often', 'GET /once']);
    });
    it('names the earlier of traces that are equal', () => {
        const [{evidence}] = found(times(4, () => loop(6)), 'n-plus-one');
        assert.deepEqual(evidence.map(({number}) => number), [1, 2, 3]);
    });
    it('of recommendations is by level, and then by what is gained', () => {
        const {store} = told([loop(6, 1000), trace('/more', [span('more', 1000, times(6, (i) => query(`SELECT a, ${i}`, 9000)))]), trace('/slow', [span('s', 200_000_000)])]);
        const {findings, recommendations} = json(store);
        const rules = recommendations.map((signature) => findings.find((finding) => finding.signature === signature)).map(({rule, route}) => `${rule} ${route}`);
        assert.deepEqual(rules, ['n-plus-one GET /more', 'n-plus-one GET /orders', 'slow-endpoint GET /slow', 'hot-span null']);
    });
});

describe('the limits of rules', () => {
    const found = (traces, rule) => json(told(traces).store).findings.filter((finding) => finding.rule === rule);
    const waits = (...traces) => found(traces, 'waiting').map(({subject, figures}) => `${subject} ${figures.kind} ${figures.max_ns}`);

    it('are met by shares that are just as large', () => {
        assert.deepEqual(found([trace('/', [span('page', 999, [span('tiny', 1, [], {line: 20})])])], 'hot-span').map(({subject}) => subject), ['page', 'tiny']);
        assert.equal(json(told([trace('/', times(5, (i) => span(`part.${'abcde'[i]}`, 20, [], {line: 20 + i})))]).store).recommendations.length, 5);
        assert.deepEqual(found([trace('/', [span('a', 9500)], {after_ns: 500})], 'unattributed').map(({level}) => level), ['note']);
    });
    it('are those of the 95th percentile, not of the longest', () => {
        const level = (slow) => found(times(20, (i) => trace('/', [span('a', i < slow ? 200_000_000 : 1000)])), 'slow-endpoint')[0].level;
        assert.deepEqual([level(1), level(2)], ['note', 'warning']);
    });
    it('of waiting count a request once, however many of its threads wait', () => {
        const busy = trace('/', [span('a', 1000)], {threads: times(4, () => [span('b', 9_000_000)])});
        const calm = trace('/', [span('a', 1000)], {threads: [[span('b', 1000)]]});
        assert.deepEqual(waits(busy, ...times(4, () => calm)), []);
        assert.deepEqual(waits(busy, ...times(3, () => calm)), ['thread gbx off CPU 4500000', 'thread worker off CPU 18000000'].sort().reverse());
        assert.deepEqual(waits(trace('/', [span('a', 2_000_000)])), ['thread gbx off CPU 1000000']);
    });
    it('of waiting in spans do not ask how many requests wait', () => {
        assert.deepEqual(waits(trace('/', [span('work.queue', 9_000_000)]), ...times(9, () => trace('/', [span('a', 1000)]))), ['work.queue queue 9000000']);
    });
    it('know a wait by the last word of a name', () => {
        for (const name of ['queue', 'db/queued', 'jobs:waiting', 'http.pending', 'retry-sleep', 'work_wait'])
            assert.deepEqual(waits(trace('/', [span(name, 1_500_000)])), [`${name} queue 1500000`]);
        for (const name of ['lock', 'cache/mutex', 'pool:acquire', 'db.contention', 'table-locked', 'slot_semaphore'])
            assert.deepEqual(waits(trace('/', [span(name, 1_500_000)])), [`${name} lock 1500000`]);
        for (const name of ['queue.work', 'unlock', 'await', 'clock'])
            assert.deepEqual(waits(trace('/', [span(name, 1_500_000)])), []);
    });
    it('keep the first reason of a failure, also if only the status tells it', () => {
        const failed = [500, 503].map((status) => trace('/', [span('a', 100)], {status}));
        assert.deepEqual(found(failed, 'error').map(({figures, gain}) => ({...figures, gain})), [{reason: 'status 500', failures: 2, traces: 2, gain: null}]);
    });
    it('count the time of a request once, however often it fails', () => {
        const [{evidence}] = found([trace('/', [span('a', 100, [], {fail: 'x'}), span('a', 100, [], {fail: 'y'})])], 'error');
        assert.deepEqual(evidence.map(({ns}) => ns), [200]);
    });
    it('doubt an N+1 pattern if the parameters of one request were not recorded', () => {
        const page = (number) => trace('/', [span('page', 1000, times(6, (i) => query('SELECT a WHERE id = ?', 1000, number(i))))]);
        const [{sentence}] = found([page(() => ({})), page((i) => ({'db.parameters': i}))], 'n-plus-one');
        assert.match(sentence, / with parameters that were not recorded: /);
    });
});

describe('signatures', () => {
    it('stay from version to version, as people keep them in files', () => {
        const {findings} = json(told([
            trace('/orders', [span('list_orders', 1000, [...times(25, (i) => query(`SELECT ${i}`, 2_000_000)), query('SELECT slow', 200_000_000)], {fail: 'late'})], {after_ns: 90_000_000}),
            trace('/settings', [span('settings', 1000, times(8, () => query('SELECT x')))]), trace('/wait', [span('work.queue', 9_000_000)]),
        ]).store);
        const first = Object.fromEntries(findings.reverse().map(({rule, figures: {kind}, signature}) => [kind ? `${rule}: ${kind}` : rule, signature.slice(0, 16)]));
        assert.deepEqual(first, {
            'slow-endpoint': '88b82cc9c82537e3', 'slow-query': 'a4a932a334dcb30b', 'n-plus-one': 'bbc4b9ccf86bcd1a', 'redundant-calls': 'b1b5fba34c4151d6',
            'hot-span': 'bd011a03a65a462e', 'fan-out': '73f569bd9755e278', 'waiting: off CPU': 'db03c188abd42ac5', 'waiting: queue': '7b1f50683a36ee1e',
            unattributed: 'eb98641a8ab525b2', error: 'e4c7af662b828f84',
        });
    });
});

describe('acknowledging', () => {
    const ack = (store, signature, ...args) => output(['findings', 'ack', signature, '--store', store, '--because', 'it is small', ...args]);

    it('is for ever unless a day is named', () => {
        const {store} = told([loop(6)]);
        const [{rule, signature}, {signature: other}] = json(store).findings;
        assert.equal(ack(store, signature.slice(0, 8)), `${rule} ${signature} is acknowledged for ever\n`);
        assert.match(output(['findings', '--store', store]), /^SIGNATURE .*\n[0-9a-f]{16} +slow-endpoint +for ever +it is small /);
        assert.equal(sarif(store).results.find(({suppressions}) => suppressions.length).suppressions[0].kind, 'external');
        assert.match(markdown(store), /\n1 acknowledged finding is left out; /);
        ack(store, other);
        assert.match(markdown(store), /\n2 acknowledged findings are left out; /);
        assert.deepEqual(json(store).acknowledged.map(({acknowledged}) => acknowledged.until), [null, null]);
    });
    it('wants more digits where two signatures begin alike', () => {
        const {store} = told([trace('/', [span('fswia', 1000), span('fhtkd', 1000, [], {line: 20})])]);
        const both = json(store).findings.map(({signature}) => signature).filter((signature) => signature.startsWith('0c5e6e08'));
        assert.equal(both.length, 2);
        assert.match(failure(['findings', 'ack', '0c5e6e08', '--store', store, '--because', 'so']), /^several findings of run \S+ begin with 0c5e6e08$/);
        both.forEach((signature) => ack(store, signature.slice(0, 16)));
        assert.match(failure(['findings', 'drop', '0c5e6e08', '--store', store]), /^several signatures begin with 0c5e6e08$/);
        output(['findings', 'drop', both[0].slice(0, 16), '--store', store]);
        assert.deepEqual(json(store).acknowledged.map(({signature}) => signature), [both[1]]);
    });
    it('wants a signature and a store that is there', () => {
        const {store} = told([loop(6)]);
        for (const signature of ['a'.repeat(65), 'a'.repeat(7), 'A'.repeat(64), 'x'.repeat(64)])
            assert.match(failure(['findings', 'drop', signature, '--store', store], 2), /^drop: expected a signature, or at least its first 8 digits$/);
        assert.match(failure(['findings', '--store', path.join(top, 'nowhere')]), /there is no store/);
        assert.match(failure(['findings', 'drop', 'a'.repeat(64), '--store', path.join(top, 'nowhere')]), /nowhere/);
    });
});
