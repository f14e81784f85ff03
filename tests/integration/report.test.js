// SPDX-License-Identifier: MIT
// glassbox report: what is found in traces that are known, what is not, and that no name of a stranger gets out of its place.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';

import {source} from './support/process.js';
import {checkSarif, checkSchema} from './support/schemas.js';
import {failure, makeRun, output, run, tellRun} from './support/stores.js';
import {query, span, times, trace} from './support/told.js';

let top;
before(() => (top = fs.mkdtempSync(path.join(os.tmpdir(), 'glassbox-reports-'))));
after(() => fs.rmSync(top, {recursive: true}));

const HEADINGS = ['Slow endpoints', 'Slow queries', 'Suspected N+1 patterns', 'Redundant calls', 'Hot spans', 'Child fan-out', 'Waiting',
    'Unattributed time', 'Errors', 'Regressions', 'Recommendations'];

let fresh = 0;
/** The report on a store with these traces, as JSON; `.markdown` is the other form. */
function report(traces, args = [], options = {}) {
    const store = path.join(top, `store-${++fresh}`);
    tellRun(store, traces, options);
    const document = JSON.parse(output(['report', '--store', store, '--format', 'json', ...args]));
    checkSchema('report', document);
    return {...document, store, markdown: output(['report', '--store', store, ...args])};
}
const found = (document, rule) => document.findings.filter((finding) => finding.rule === rule);
const headings = (markdown) => [...markdown.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);

describe('N+1 patterns', () => {
    const customers = (count, self_ns = 2000) => times(count, (i) => query(`SELECT * FROM customer WHERE id = ${i}`, self_ns));

    it('are the same child five times below one call, with different statements', () => {
        const [finding, ...others] = found(report([trace('/orders', [span('list_orders', 4000, [query('SELECT * FROM orders', 5000), ...customers(5)], {line: 57})])]), 'n-plus-one');
        assert.deepEqual(others, []);
        assert.deepEqual({...finding, signature: '', evidence: [], advice: ''}, {
            rule: 'n-plus-one', level: 'warning', signature: '', route: 'GET /orders', subject: 'SELECT * FROM customer WHERE id = ?', file: 'src/shop.c', line: 57,
            sentence: 'list_orders makes up to 5 calls with different arguments: SELECT * FROM customer WHERE id = ?',
            figures: {parent: 'list_orders', calls_max: 5, calls: 5, total_ns: 10_000, traces: 1}, traces: 1, evidence: [],
            gain: {at_most: false, low_ns: 8000, high_ns: 8000, total_ns: 8000}, advice: '', documentation: 'docs/findings.md#n-plus-one', acknowledged: null,
        });
    });
    it('are also told by the arguments in names, and by statements further below', () => {
        const named = report([trace('/a', [span('page', 1000, times(6, (i) => span(`load(${i})`, 500)))])]);
        assert.deepEqual(found(named, 'n-plus-one').map(({subject}) => subject), ['load…']);
        const below = report([trace('/a', [span('page', 1000, times(6, (i) => span('load', 500, [query(`SELECT ${i}`)], {line: 20})))])]);
        assert.deepEqual(found(below, 'n-plus-one').map(({subject, line}) => [subject, line]), [['load', 10]]);
    });
    it('say it when parameters were not recorded', () => {
        const [finding] = found(report([trace('/a', [span('page', 1000, times(6, () => query('SELECT a FROM b WHERE id = ?1')))])]), 'n-plus-one');
        assert.equal(finding.sentence, 'page makes up to 6 calls with parameters that were not recorded: SELECT a FROM b WHERE id = ?');
    });
    it('are told apart from redundant calls by parameters that were recorded as different or the same', () => {
        const of = (number) => report([trace('/a', [span('page', 1000, times(6, (i) => query('SELECT a FROM b WHERE id = ?', 1000, {'db.parameters': number(i)})))])]);
        assert.deepEqual(of((i) => i).findings.map(({rule}) => rule).filter((rule) => /n-plus|redundant/.test(rule)), ['n-plus-one']);
        assert.deepEqual(of(() => 7).findings.map(({rule}) => rule).filter((rule) => /n-plus|redundant/.test(rule)), ['redundant-calls']);
    });
    it('are counted for each call above, not for all together', () => {
        const document = report([
            trace('/three', [span('three', 1000, customers(3))]),
            ...times(3, () => trace('/one', [span('one', 1000, customers(1))])),
            trace('/twice', [span('twice', 1000, [span('part', 500, customers(3)), span('part', 500, times(3, (i) => query(`SELECT * FROM customer WHERE id = ${i + 10}`)))])]),
            trace('/four', [span('four', 1000, customers(4))]),
        ]);
        assert.deepEqual([...found(document, 'n-plus-one'), ...found(document, 'redundant-calls')], []);
    });
    it('are not what a statement itself runs', () => {
        const search = {...query('SELECT * FROM texts WHERE texts MATCH ?', 1000), spans: times(9, (i) => query(`SELECT block FROM texts_data WHERE id = ${i}`))};
        assert.deepEqual([...found(report([trace('/a', [span('search', 1000, [search])])]), 'n-plus-one')], []);
    });
    it('are not there when they take less than a hundredth of the time', () => {
        assert.deepEqual(found(report([trace('/a', [span('page', 10_000_000, customers(40))])]), 'n-plus-one'), []);
        assert.equal(found(report([trace('/a', [span('page', 7_800_000, customers(40))])]), 'n-plus-one').length, 1);
    });
    it('begin at five different arguments and at a hundredth of the time, to the nanosecond', () => {
        const of = (self_ns, count = 5) => found(report([trace('/a', [span('page', self_ns, customers(count, 2000))])]), 'n-plus-one').length;
        assert.deepEqual([of(990_000), of(990_100), of(0), of(0, 4)], [1, 0, 1, 0]);
    });
    it('keep the longest call, wherever it is', () => {
        for (const longest of [0, 3, 5]) {
            const calls = times(6, (i) => query(`SELECT ${i}`, i === longest ? 5000 : 1000));
            assert.equal(found(report([trace('/a', [span('page', 1000, calls)])]), 'n-plus-one')[0].gain.total_ns, 5000);
        }
    });
    it('read the parameters of a statement as numbers and as texts, and its text by either name', () => {
        const of = (make) => report([trace('/a', [span('page', 1000, times(6, make))])]).findings.map(({rule, sentence}) => [rule, sentence]).filter(([rule]) => /n-plus|redundant/.test(rule));
        const select = (notes) => ({name: 'SELECT', self_ns: 1000, notes});
        assert.deepEqual(of((i) => query('SELECT ?', 1000, {'db.parameters': `id=${i}`})), [['n-plus-one', 'page makes up to 6 calls with different arguments: SELECT ?']]);
        assert.deepEqual(of(() => query('SELECT ?', 1000, {'db.parameters': 'id=7'})), [['redundant-calls', 'page makes up to 6 calls with the same arguments: SELECT ?']]);
        assert.deepEqual(of((i) => select({'db.query.text': `SELECT ${i}`})), [['n-plus-one', 'page makes up to 6 calls with different arguments: SELECT ?']]);
        assert.deepEqual(of((i) => select({'db.parameters': i, 'db.statement': 'SELECT ?'})), [['n-plus-one', 'page makes up to 6 calls with different arguments: SELECT ?']]);
    });
    it('say it when what the spans inside were asked was not recorded', () => {
        const document = report([trace('/a', [span('page', 1000, times(6, () => span('load', 500, [query('SELECT a WHERE id = ?')], {line: 20})))])]);
        assert.deepEqual(found(document, 'n-plus-one').map(({sentence}) => sentence), ['page makes up to 6 calls with parameters that were not recorded: load']);
        assert.deepEqual(found(document, 'redundant-calls'), []);
    });
    it('do not take statements for the same that are longer than what is recorded of them', () => {
        const long = report([trace('/a', [span('page', 1000, times(6, (i) => query(`SELECT '${'x'.repeat(5000)}', ${i}`)))])]);
        assert.deepEqual(found(long, 'redundant-calls'), []);
        assert.match(found(long, 'n-plus-one')[0].sentence, /that were not recorded/);
    });
    it('tell what they would gain as a range over the traces', () => {
        const [{gain, traces, evidence}] = found(report([5, 9, 7].map((count) => trace('/a', [span('page', 1000, customers(count, 1000))]))), 'n-plus-one');
        assert.deepEqual(gain, {at_most: false, low_ns: 4000, high_ns: 8000, total_ns: 18_000});
        assert.equal(traces, 3);
        assert.deepEqual(evidence.map(({number, ns}) => [number, ns]), [[2, 8000], [3, 6000], [1, 4000]]);
    });
});

describe('redundant calls', () => {
    it('are the same call five times', () => {
        const theme = () => query("SELECT value FROM settings WHERE name = 'theme'");
        const document = report([trace('/settings', [span('settings', 1000, times(8, theme))])]);
        const [finding, ...others] = found(document, 'redundant-calls');
        assert.deepEqual(others, []);
        assert.deepEqual(finding.figures, {parent: 'settings', calls_max: 8, calls: 8, total_ns: 8000, traces: 1});
        assert.deepEqual(finding.gain, {at_most: false, low_ns: 7000, high_ns: 7000, total_ns: 7000});
        assert.deepEqual(found(document, 'n-plus-one'), []);
        assert.deepEqual(found(report([trace('/settings', [span('settings', 1000, times(4, theme))])]), 'redundant-calls'), []);
    });
    it('are told apart from others that come between them', () => {
        const document = report([trace('/a', [span('page', 1000, times(12, (i) => query(`SELECT ${i % 2}`)))])]);
        assert.deepEqual(found(document, 'redundant-calls').map(({figures}) => [figures.calls_max, figures.total_ns]), [[12, 12_000]]);
        const some = report([trace('/a', [span('page', 1000, times(12, (i) => query(`SELECT ${i % 2 ? 0 : i}`)))])]);
        assert.deepEqual(found(some, 'redundant-calls').map(({figures}) => [figures.calls_max, figures.total_ns]), [[7, 7000]]);
        const parts = report([trace('/a', [span('page', 1000, [9, 6].map((count) => span('part', 100, times(count, () => query('SELECT 1')), {line: 11})))])]);
        assert.deepEqual(found(parts, 'redundant-calls').map(({figures}) => [figures.calls_max, figures.calls]), [[9, 15]]);
    });
    it('are not a span without arguments that is called often', () => {
        assert.deepEqual(found(report([trace('/a', [span('page', 1000, times(50, () => span('row', 100, [], {line: 20})))])]), 'redundant-calls'), []);
    });
});

describe('slow queries', () => {
    it('are statements of which a call took 100 ms, without their values', () => {
        const document = report([99_999_999, 100_000_000, 250_000_000].map((ns, i) => trace('/search', [span('search', 1000, [query(`SELECT * FROM big\n WHERE a IN (1, 2, ${i}) -- slow\n AND b = 'x'`, ns)])])));
        const [finding, ...others] = found(document, 'slow-query');
        assert.deepEqual(others, []);
        assert.equal(finding.subject, 'SELECT * FROM big WHERE a IN (?) AND b = ?');
        assert.deepEqual(finding.figures, {calls: 3, slow_calls: 2, slow_ns: 350_000_000, p95_ns: 250_000_000, max_ns: 250_000_000});
        assert.deepEqual([finding.file, finding.line], ['src/shop.c', 10]);
        assert.deepEqual(finding.gain, {at_most: true, low_ns: 100_000_000, high_ns: 250_000_000, total_ns: 350_000_000});
    });
    it('cannot be told without statements, which is said', () => {
        const document = report([trace('/', [span('page', 1000)])]);
        assert.deepEqual(document.cannot_show.map(({rule}) => rule), ['slow-query', 'n-plus-one']);
        const [{invocations: [{toolExecutionNotifications}]}] = JSON.parse(output(['report', '--store', document.store, '--format', 'sarif'])).runs;
        assert.deepEqual(toolExecutionNotifications.map(({message}) => message.text), document.cannot_show.map(({sentence}) => sentence));
        assert.match(document.markdown, /What this run cannot show:\n\n- No trace has a note db\.statement/);
        assert.deepEqual(report([trace('/', [query('SELECT 1')])]).cannot_show, []);
    });
});

describe('the other rules', () => {
    it('rank endpoints, with exact percentiles', () => {
        const document = report([...times(20, (i) => trace('/a', [span('a', 1000 * (i + 1))])), trace('/b', [span('b', 50)])]);
        assert.deepEqual(found(document, 'slow-endpoint').map(({subject, level, figures}) => ({subject, level, ...figures})), [
            {subject: 'GET /a', level: 'note', calls: 20, total_ns: 210_000, p50_ns: 10_000, p95_ns: 19_000, max_ns: 20_000},
            {subject: 'GET /b', level: 'note', calls: 1, total_ns: 50, p50_ns: 50, p95_ns: 50, max_ns: 50},
        ]);
        assert.equal(found(report([trace('/a', [span('a', 100_000_000)])]), 'slow-endpoint')[0].level, 'warning');
    });
    it('rank spans by their self time', () => {
        const document = report([trace('/', [span('outer', 3000, [span('inner(1)', 1000, [], {line: 20}), span('inner(2)', 5000, [], {line: 20})])])]);
        assert.deepEqual(found(document, 'hot-span').map(({subject, line, figures}) => ({subject, line, ...figures})), [
            {subject: 'inner…', line: 20, calls: 2, self_ns: 6000, share: 66.67, average_ns: 3000, traces: 1},
            {subject: 'outer', line: 10, calls: 1, self_ns: 3000, share: 33.33, average_ns: 3000, traces: 1},
        ]);
    });
    it('tell calls with more than 20 children', () => {
        const wide = (count) => report([trace('/', [span('wide', 1000, times(count, () => span('part', 10, [], {line: 20})))])]);
        assert.deepEqual(found(wide(20), 'fan-out'), []);
        assert.deepEqual(found(wide(21), 'fan-out').map(({subject, figures}) => ({subject, ...figures})), [{subject: 'wide', children_max: 21, calls: 1, children_ns: 210, traces: 1}]);
        const two = report([40, 30].map((count) => trace('/', [span('wide', 1000, times(count, () => span('part', 10, [], {line: 20})))])));
        assert.deepEqual(found(two, 'fan-out').map(({figures}) => [figures.children_max, figures.calls]), [[40, 2]]);
    });
    it('tell waiting in queues, for locks, and off the CPU', () => {
        const document = report([trace('/', [span('work.queue', 4_000_000), span('cache.lock', 3_000_000, [], {line: 11}), span('work', 3_000_000, [], {line: 12})])]);
        assert.deepEqual(found(document, 'waiting').map(({subject, level, figures}) => [subject, level, figures.kind, figures.waited_ns, figures.share]), [
            ['thread gbx', 'note', 'off CPU', 5_000_000, 50], ['work.queue', 'warning', 'queue', 4_000_000, 40], ['cache.lock', 'warning', 'lock', 3_000_000, 30],
        ]);
        assert.deepEqual(found(report([trace('/', [span('work.queue', 900_000), span('work', 900_000)])]), 'waiting'), []);
    });
    it('do not tell what one request in five has of the neighbours', () => {
        const some = (count, of) => times(of, (i) => (i < count ? trace('/', [span('a', 9_000_000)], {after_ns: 4_000_000}) : trace('/', [span('a', 1000)])));
        assert.deepEqual(report(some(1, 5)).findings.filter(({rule}) => /waiting|unattributed/.test(rule)), []);
        assert.deepEqual(report(some(1, 4)).findings.filter(({rule}) => /waiting|unattributed/.test(rule)).length, 2);
    });
    it('tell time without spans', () => {
        const document = report([trace('/', [span('a', 600)], {after_ns: 400})]);
        assert.deepEqual(found(document, 'unattributed').map(({figures, level}) => ({level, ...figures})), [{level: 'warning', unattributed_ns: 400, share: 40, max_ns: 400}]);
        assert.deepEqual(found(report([trace('/', [span('a', 960)], {after_ns: 40})]), 'unattributed'), []);
    });
    it('tell time without spans of any thread, however their spans overlap', () => {
        const of = (...threads) => found(report([{...trace('/', [span('a', 600)], {after_ns: 400}), threads}]), 'unattributed').map(({figures}) => figures.unattributed_ns);
        const thread = (wait_ns, self_ns) => span('b', self_ns, [], {after_ns: wait_ns});
        assert.deepEqual(of([thread(500, 300)]), [400]);
        assert.deepEqual(of([thread(800, 200)], [thread(0, 700)]), [500]);
        assert.deepEqual(of([thread(100, 50)], [thread(200, 450)]), [400]);
    });
    it('begin where the page about them says', () => {
        const one = (rule, ...traces) => found(report(traces), rule).map(({level, line, figures}) => ({level, line, ...figures}));
        const levels = (...traces) => one('unattributed', ...traces).map(({level}) => level);
        assert.deepEqual(levels(trace('/', [span('a', 7500)], {after_ns: 2500})), ['warning']);
        assert.deepEqual(levels(trace('/', [span('a', 7510)], {after_ns: 2490})), ['note']);
        assert.deepEqual(levels(trace('/', [span('a', 100_000)]), trace('/', [span('a', 90)], {after_ns: 10})), []);
        const queued = (ns, more_ns) => one('waiting', trace('/', [span('work.queue', ns, [span('b', more_ns)])])).filter(({kind}) => kind === 'queue').map(({waited_ns}) => waited_ns);
        assert.deepEqual([queued(1_000_000, 9_000_000), queued(1_000_000, 9_100_000)], [[1_000_000], []]);
        assert.equal(one('slow-endpoint', ...times(13, (i) => trace('/', [span('a', i + 1)])))[0].p95_ns, 13);
        const slow = (ns, line) => trace('/', [span('search', 1000, [query('SELECT 1', ns)], {line})]);
        assert.equal(one('slow-query', slow(100_000_000, 1), slow(300_000_000, 2), slow(200_000_000, 3))[0].line, 2);
    });
    it('tell failures of spans, and of answers', () => {
        const document = report([trace('/', [span('a', 100, [], {fail: 'no such table'})]), trace('/', [span('a', 100, [], {fail: 'other'})]), trace('/b', [span('b', 100)], {status: 503})]);
        assert.deepEqual(found(document, 'error').map(({route, subject, level, figures}) => ({route, subject, level, ...figures})), [
            {route: 'GET /', subject: 'a', level: 'error', reason: 'no such table', failures: 2, traces: 2},
            {route: 'GET /b', subject: '(no span)', level: 'error', reason: 'status 503', failures: 1, traces: 1},
        ]);
        assert.equal(document.recommendations[0], found(document, 'error')[0].signature);
        const twice = report([trace('/', [span('a', 100, [], {fail: 'x'}), span('a', 100, [], {fail: 'y'})], {status: 500}), trace('/', [span('a', 100)], {status: 500}), trace('/', [span('a', 100)], {status: 499})]);
        assert.deepEqual(found(twice, 'error').map(({subject, figures}) => [subject, figures.failures, figures.traces]), [['a', 2, 1], ['(no span)', 1, 1]]);
    });
});

describe('a report', () => {
    const traces = [
        trace('/orders', [span('list_orders', 1000, [...times(25, (i) => query(`SELECT ${i}`, 200_000)), query('SELECT slow', 200_000_000)], {fail: 'late'})], {after_ns: 90_000_000}),
        trace('/settings', [span('settings', 1000, times(8, () => query('SELECT x')))]),
    ];

    it('has the headings that never change, in their order, and none for nothing', () => {
        const {markdown} = report(traces);
        assert.deepEqual(headings(markdown), HEADINGS.filter((heading) => heading !== 'Regressions'));
        assert.deepEqual(headings(report([trace('/', [query('SELECT 1')])]).markdown), ['Slow endpoints', 'Hot spans', 'Recommendations']);
    });
    it('is the same, byte by byte, each time', () => {
        const {store} = report(traces);
        for (const format of ['md', 'json', 'sarif'])
            assert.equal(output(['report', '--store', store, '--format', format]), output(['report', '--store', store, '--format', format]));
    });
    it('has signatures that stay when lines, times and numbers change', () => {
        const moved = JSON.parse(JSON.stringify(traces).replaceAll('"line":10', '"line":99').replaceAll('SELECT x', 'SELECT  x').replaceAll('200000000', '300000000'));
        const signatures = (document) => document.findings.map(({rule, signature}) => `${rule} ${signature}`).sort();
        const [first, second] = [report(traces), report([...moved, ...moved])];
        assert.deepEqual(signatures(first), signatures(second));
        assert.equal(new Set(signatures(first)).size, first.findings.length);
    });
    it('shows as many as it is told to, and says how many it leaves out', () => {
        const document = report(times(30, (i) => trace(`/${i}`, [span('a', 1000 + i)])), ['--top', '3']);
        assert.equal(found(document, 'slow-endpoint').length, 3);
        assert.equal(document.left_out, 27);
        assert.match(document.markdown, /27 more are left out; `--top` says how many are shown\./);
    });
    it('leaves spans out that take nothing, and shows an empty name', () => {
        const document = report([trace('/', [span('', 100000, [span('tiny', 50), span('small', 200)])])]);
        assert.deepEqual(found(document, 'hot-span').map(({subject}) => subject), ['', 'small']);
        assert.match(document.markdown, /\n\| `""` \|/);
    });
    it('is SARIF by its schema', () => {
        const {store, findings} = report([...traces, trace('/odd', [span('x', 100, [], {file: '/usr/src/a b%.c', fail: 'x'})])]);
        const sarif = JSON.parse(output(['report', '--store', store, '--format', 'sarif']));
        checkSarif(sarif);
        const [{tool, results}] = sarif.runs;
        assert.deepEqual(results.map(({ruleId, level, partialFingerprints}) => [ruleId, level, partialFingerprints['glassbox/v1']]), findings.map(({rule, level, signature}) => [rule, level, signature]));
        assert.deepEqual(tool.driver.rules.map(({id}) => id), ['slow-endpoint', 'slow-query', 'n-plus-one', 'redundant-calls', 'hot-span', 'fan-out', 'waiting', 'unattributed', 'error', 'regression']);
        assert.ok(results.some(({locations: [{physicalLocation: place}]}) => place?.artifactLocation.uri === 'file:///usr/src/a%20b%25.c' && place.region.startLine === 10));
    });
    it('goes into a file that appears whole', () => {
        const {store, markdown} = report(traces);
        const file = path.join(top, 'report.md');
        assert.equal(output(['report', '--store', store, '--output', file]), '');
        assert.equal(fs.readFileSync(file, 'utf8'), markdown);
        assert.match(failure(['report', '--store', store, '--output', path.join(top, 'no', 'report.md')]), /no\/report\.md/);
    });
    it('ends with status 3 if it has what it is to fail on', () => {
        const {store} = report(traces);
        const {status, stderr} = run(['report', '--store', store, '--fail-on', 'regression', '--fail-on', 'n-plus-one']);
        assert.equal(status, 3);
        assert.match(stderr, /^glassbox report: run \S+ has a finding of --fail-on n-plus-one\n$/);
        assert.equal(run(['report', '--store', store, '--fail-on', 'any']).status, 3);
        assert.equal(run(['report', '--store', store, '--fail-on', 'regression']).status, 0);
        const harmless = report([trace('/', [query('SELECT 1')])]).store;
        assert.equal(run(['report', '--store', harmless, '--fail-on', 'any', '--fail-on', 'hot-span', '--fail-on', 'slow-endpoint']).status, 0);
        assert.match(failure(['report', '--store', store, '--fail-on', 'n-plus-two'], 2), /--fail-on.*expected one of any, slow-endpoint, .*regression/);
    });
    it('names the documentation, which exists', () => {
        const text = fs.readFileSync(source('docs/findings.md'), 'utf8');
        for (const {documentation, figures} of report(traces).findings) {
            const [file, anchor] = documentation.split('#');
            assert.equal(file, 'docs/findings.md');
            assert.ok(text.includes(`<a id="${anchor}"></a>`), anchor);
            for (const key of Object.keys(figures))
                assert.ok(text.includes(`\`${key}\``), `${anchor}: ${key}`);
        }
    });
});

describe('a baseline', () => {
    /** Requests whose times vary as those of a service do, the same each time; `slow` multiplies one frame. */
    const requests = (slow, count = 20, seed = 1) => times(count, (i) => {
        const vary = (frame) => 1 + (((i * 7919 + frame * 104729 + seed * 1299709) % 97) / 97 - 0.5) * 0.06;
        return trace('/price', [span('price', 20_000, times(6, (frame) => span(`part.${'abcdef'[frame]}`, Math.round(100_000 * vary(frame) * (frame === 3 ? slow : 1)), [], {line: 20 + frame})))]);
    });

    it('shows what is slower, and nothing else', () => {
        const store = path.join(top, 'baseline');
        const [before, again, after] = [[1, 1], [1, 2], [1.2, 3]].map(([slow, seed]) => tellRun(store, requests(slow, 20, seed)));
        const of = (run, ...args) => JSON.parse(output(['report', '--store', store, '--run', run, '--baseline', before, '--format', 'json', ...args]));
        const document = of(after);
        checkSchema('report', document);
        const [finding, ...others] = found(document, 'regression');
        assert.deepEqual(others, []);
        assert.deepEqual([finding.route, finding.subject, finding.line, finding.figures.requests_before, finding.figures.requests_after], ['GET /price', 'part.d', 23, 20, 20]);
        assert.ok(finding.figures.change > 15 && finding.figures.change < 25, String(finding.figures.change));
        assert.equal(document.baseline.id, before);
        assert.deepEqual(found(of(again), 'regression'), []);
        assert.equal(run(['report', '--store', store, '--run', after, '--baseline', before, '--fail-on', 'regression']).status, 3);
        const markdown = output(['report', '--store', store, '--run', after, '--baseline', before]);
        const [started, ended] = [document.baseline.started_at, document.baseline.ended_at].map((instant) => instant.slice(0, 19).replace('T', ' '));
        assert.ok(markdown.includes(`\nBaseline: run \`${before}\`, ${started} to ${ended} UTC.\n`), markdown);
        assert.match(markdown, /^\| `GET \/price` \| `part\.d` \| `src\/shop\.c:23` \| [\d.]+ µs \| [\d.]+ µs \| \+[12]\d\.\d % \| 20 \| 20 \| `[0-9a-f]{16}` \|$/m);
    });
    it('says when there are too few requests, and refuses another service', () => {
        const store = path.join(top, 'baseline-few');
        const before = tellRun(store, requests(1, 7));
        const after = tellRun(store, requests(1.5, 20));
        const other = tellRun(store, [trace('/other', [span('other', 1000)])], {service: 'another'});
        const document = JSON.parse(output(['report', '--store', store, '--run', after, '--baseline', before, '--format', 'json']));
        assert.ok(document.cannot_show.some(({rule}) => rule === 'regression'));
        assert.match(failure(['report', '--store', store, '--run', after, '--baseline', other]), /another|told/);
    });
});

describe('acknowledged findings', () => {
    const ack = (store, signature, ...args) => ['findings', 'ack', signature, '--store', store, '--because', 'it is small', ...args];
    const traces = [trace('/orders', [span('list_orders', 1000, times(6, (i) => query(`SELECT ${i}`)))])];

    it('stay out of the report, and are not lost', () => {
        const {store, findings} = report(traces);
        const [{signature}] = findings.filter(({rule}) => rule === 'n-plus-one');
        assert.equal(output(ack(store, signature.slice(0, 16), '--until', '2999-01-01')), `n-plus-one ${signature} is acknowledged until 2999-01-01\n`);
        const document = JSON.parse(output(['report', '--store', store, '--format', 'json']));
        checkSchema('report', document);
        assert.deepEqual(document.findings.map(({rule}) => rule), findings.map(({rule}) => rule).filter((rule) => rule !== 'n-plus-one'));
        assert.deepEqual(document.acknowledged.map(({rule, acknowledged}) => ({rule, ...acknowledged})), [{rule: 'n-plus-one', because: 'it is small', until: '2999-01-01'}]);
        assert.equal(document.recommendations.includes(signature), false);
        const markdown = output(['report', '--store', store]);
        assert.doesNotMatch(markdown, /Suspected N\+1/);
        assert.match(markdown, /\n1 acknowledged findings? (is|are) left out; `glassbox findings` lists/);
        assert.equal(run(['report', '--store', store, '--fail-on', 'n-plus-one']).status, 0);
        const sarif = JSON.parse(output(['report', '--store', store, '--format', 'sarif']));
        checkSarif(sarif);
        assert.deepEqual(sarif.runs[0].results.filter(({suppressions}) => suppressions.length).map(({ruleId, suppressions}) => [ruleId, suppressions[0].justification]), [['n-plus-one', 'it is small']]);
        const listed = JSON.parse(output(['findings', '--store', store, '--format', 'json']));
        checkSchema('findings', listed);
        assert.deepEqual(listed.acknowledged.map((one) => [one.signature, one.rule]), [[signature, 'n-plus-one']]);
        assert.match(output(['findings', '--store', store]), /^SIGNATURE .*\n[0-9a-f]{16} +n-plus-one +2999-01-01 +it is small +list_orders makes/);
        assert.equal(output(['findings', 'drop', signature.slice(0, 16), '--store', store]), `${signature.slice(0, 16)} is no longer acknowledged\n`);
        const audit = fs.readFileSync(path.join(store, 'audit.db'), 'latin1'); // a row has its texts as they are, one after the other
        for (const subject of [signature, signature.slice(0, 16)])
            assert.ok(audit.includes(`local:${os.userInfo().username}${subject}`), subject);
        assert.equal(run(['report', '--store', store, '--fail-on', 'n-plus-one']).status, 3);
        assert.equal(output(['findings', '--store', store]), 'No finding is acknowledged.\n');
        for (const action of [['drop', signature], ['list'], []])
            assert.match(failure(['findings', ...action, '--store', store, '--because', 'so'], 2), /^only ack takes --because$/);
    });
    it('are all those of one signature, as spans of one name in one file at two lines are', () => {
        const {store, findings} = report([trace('/', [span('page', 100, [span('load', 5000, [], {line: 20}), span('load', 4000, [], {line: 30})])])]);
        const [first, second] = findings.filter(({rule, subject}) => rule === 'hot-span' && subject === 'load');
        assert.equal(first.signature, second.signature);
        output(ack(store, first.signature));
        const {acknowledged} = JSON.parse(output(['report', '--store', store, '--format', 'json']));
        assert.deepEqual(acknowledged.map(({line}) => line), [20, 30]);
    });
    it('are dropped however often an edited file has them', () => {
        const {store, findings} = report([trace('/', [span('page', 100)])]);
        const file = path.join(store, 'acknowledged.json');
        output(ack(store, findings[0].signature));
        const {acknowledged} = JSON.parse(fs.readFileSync(file, 'utf8'));
        fs.writeFileSync(file, JSON.stringify({acknowledged: [...acknowledged, ...acknowledged]}));
        output(['findings', 'drop', findings[0].signature, '--store', store]);
        assert.equal(output(['findings', '--store', store]), 'No finding is acknowledged.\n');
    });
    it('come back with runs of the day on which that ends', () => {
        const {store, findings} = report(traces);
        const [{signature}] = findings.filter(({rule}) => rule === 'n-plus-one');
        output(ack(store, signature, '--until', '2020-01-01'));
        assert.equal(run(['report', '--store', store, '--fail-on', 'n-plus-one']).status, 3);
    });
    it('are refused without a reason, a finding, or a date', () => {
        const {store} = report(traces);
        assert.match(failure(['findings', 'ack', 'a'.repeat(64), '--store', store], 2), /--because/);
        assert.match(failure(ack(store, 'a'.repeat(64))), /^no finding of run \S+ has the signature a{64}; 'glassbox report/);
        assert.match(failure(ack(store, 'abc'), 2), /at least its first 8 digits/);
        assert.match(failure(ack(store, 'a'.repeat(64), '--until', '2026-02-30'), 2), /--until.*a date such as/);
        assert.match(failure(['findings', 'list', 'a'.repeat(64), '--store', store], 2), /list takes no signature/);
        assert.match(failure(['findings', 'forget', '--store', store], 2), /'forget': expected ack, drop or list/);
        assert.match(failure(['findings', 'drop', 'a'.repeat(64), '--store', store]), /no acknowledged finding/);
        assert.match(failure(['findings', 'drop', 'a'.repeat(64), '--store', `${store}-none`]), /^there is no store /);
        fs.writeFileSync(path.join(store, 'acknowledged.json'), '{"acknowledged": 7}');
        for (const args of [['report'], ['findings']])
            assert.match(failure([...args, '--store', store]), /acknowledged\.json: it has no list 'acknowledged'/);
    });
});

describe('a run that is not to be reported on', () => {
    it('has no traces, or none with a span', () => {
        const store = path.join(top, 'without');
        tellRun(store, times(3, () => trace('/', [])));
        assert.match(failure(['report', '--store', store]), /^run \S+: none of its 3 traces has a span; add GBX_SPAN\(\)/);
        assert.match(failure(['report', '--store', path.join(top, 'nowhere')]), /there is no store/);
    });
    it('is named wrongly', () => {
        const store = path.join(top, 'named');
        makeRun(store, 5);
        assert.match(failure(['report', '--store', store, '--run', 'latest~7']), /latest~7/);
        assert.match(failure(['report', '--store', store, '--run', 'latest', 'latest'], 2), /give one run/);
    });
});

describe('names of strangers', () => {
    const HOSTILE = ['a|b', '`code`', '``', ' ', '# heading', '<img src=x onerror=alert(1)>', '[click](http://evil)', '\u001b[31mred', 'a\nb\r\n## Errors', '\u202eright', '*bold*', '_em_', 'a\\|b',
        'http://evil.example', 'www.evil.example', '{"json": 1}', '&lt;', '\u0000', 'é世界', 'x'.repeat(900), '-->', '| --- |'];

    it('stay in their cells and on their lines', () => {
        const {markdown, findings, store} = report(HOSTILE.map((name) => trace(`/${name}`, [span(name, 100, times(6, (i) => query(`SELECT '${name}', ${i} FROM "${name}"`, 200_000_000)), {file: name, fail: name})])), ['--top', '100']);
        assert.deepEqual(headings(markdown).filter((heading) => !HEADINGS.includes(heading)), []);
        assert.equal(new Set(headings(markdown)).size, headings(markdown).length);
        assert.doesNotMatch(markdown, /[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
        for (const [table] of markdown.matchAll(/(?:^\|.*\n)+/gm)) {
            const cells = table.trimEnd().split('\n').map((line) => line.replaceAll(/\\[!-\/:-@[-`{-~]/g, '').split('|').length);
            assert.equal(new Set(cells).size, 1, table);
        }
        const outside = markdown.replaceAll(/(`+) ?[^`](?:.*?[^`])? ?\1(?!`)/g, '');
        assert.doesNotMatch(outside, /(?<!\\)<img|(?<!\\)\[click|[^\\]:\/\/evil|www\.evil/);
        assert.ok(findings.length > 50);
        checkSarif(JSON.parse(output(['report', '--store', store, '--format', 'sarif', '--top', '100'])));
    });
    it('begin no list and no code where a recommendation begins with them', () => {
        for (const [name, begin] of [['- a', '\\- a'], ['+ a', '\\+ a'], ['12. a', '12\\. a'], ['3) a', '3\\) a'], ['    a', 'a'], ['  - a', '\\- a'], ['7', '7'], ['-', '\\-']]) {
            const {markdown} = report([trace('/', [span(name, 1000)])]);
            assert.match(markdown, /^1\. /m);
            assert.ok(markdown.includes(`\n1. ${begin} takes 100.0 % of the time of all spans itself.\n`), markdown);
        }
    });
    it('of files are shown by their ends, with a mark, and whole in JSON', () => {
        const file = `src/${'folder/'.repeat(20)}é.c`;
        const {markdown, findings} = report([trace('/', [span('a', 1000, [], {file})])]);
        assert.match(markdown, /\| `…[^`|]{70,}\/é\.c:10` \|/);
        assert.equal(found({findings}, 'hot-span')[0].file, file);
    });
});
