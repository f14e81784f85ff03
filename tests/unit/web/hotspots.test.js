// SPDX-License-Identifier: MIT
// The page's hotspots equal those of the summary. They are computed from the speedscope document of the same run.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';

import {hotspotsOf} from '../../../web/page/hotspots.js';
import {LARGEST_PAGE} from '../../integration/support/input.js';
import {oneRun} from '../../integration/support/runs.js';

const frame = (name) => ({name, file: `${name}.c`, line: 1});

/** A document of evented profiles, each a list such as ['O', frame, at]. */
const documentOf = (names, endValue, ...profiles) => ({
    name: 'a trace', shared: {frames: names.map(frame)},
    profiles: profiles.map((events) => ({startValue: 0, endValue, events: events.map(([type, index, at]) => ({type, frame: index, at}))})),
});
const rowsOf = (document) => hotspotsOf(document).rows.map(({name, calls, selfNs, totalNs}) => [name, calls, selfNs, totalNs]);

describe('the hotspots of a real run', () => {
    const run = oneRun(LARGEST_PAGE);
    const summary = JSON.parse(run.summary);
    const figures = hotspotsOf(JSON.parse(run.speedscope));
    it('are those of its summary, in the same order', () => {
        const shown = figures.rows.slice(0, summary.hotspots.length).map(({name, file, line, calls, selfNs, totalNs}) =>
            ({name, file, line, calls, self_ms: selfNs / 1e6, total_ms: totalNs / 1e6}));
        assert.ok(shown.length >= 10);
        assert.deepEqual(shown, summary.hotspots.map(({name, file, line, calls, self_ms, total_ms}) => ({name, file, line, calls, self_ms, total_ms})));
        figures.rows.slice(0, summary.hotspots.length).forEach(({share}, index) =>
            assert.ok(Math.abs(100 * share - summary.hotspots[index].percentage) < 0.01, `${share} ${summary.hotspots[index].percentage}`));
    });
    it('count every span and thread', () => {
        assert.equal(figures.spanCount * 2, summary.entry_count);
        assert.equal(figures.threadCount, summary.threads.length);
        assert.ok(figures.name.startsWith(summary.name), figures.name);
    });
    it('share out the whole of the time', () => {
        const sum = figures.rows.reduce((total, {share}) => total + share, 0);
        assert.ok(Math.abs(sum - 1) < 1e-9, String(sum));
    });
});

describe('hotspots', () => {
    it('give a caller what its callees leave', () => {
        assert.deepEqual(rowsOf(documentOf(['a', 'b'], 100, [['O', 0, 0], ['O', 1, 10], ['C', 1, 40], ['O', 1, 50], ['C', 1, 60], ['C', 0, 100]])),
            [['a', 1, 60, 100], ['b', 2, 40, 40]]);
    });
    it('count a recursive call once in the total', () => {
        assert.deepEqual(rowsOf(documentOf(['a'], 30, [['O', 0, 0], ['O', 0, 10], ['C', 0, 20], ['C', 0, 30]])), [['a', 2, 30, 30]]);
    });
    it('leave out frames without a call, and add threads up', () => {
        assert.deepEqual(rowsOf(documentOf(['unused', 'a'], 9, [['O', 1, 0], ['C', 1, 4]], [['O', 1, 3], ['C', 1, 9]])), [['a', 2, 10, 10]]);
    });
    it('leave out the captions of failures and notes', () => {
        const document = documentOf(['a', 'a failed: b {n=1}', 'a {n=2}', 'b'], 30,
            [['O', 1, 0], ['O', 0, 0], ['O', 3, 5], ['C', 3, 10], ['C', 0, 20], ['C', 1, 20], ['O', 2, 20], ['O', 0, 20], ['C', 0, 30], ['C', 2, 30]]);
        for (const caption of document.shared.frames.slice(1, 3))
            caption.file = 'a.c';
        assert.deepEqual(rowsOf(document), [['a', 2, 25, 30], ['b', 1, 5, 5]]);
        assert.equal(hotspotsOf(document).spanCount, 3);
    });
    it('divide nothing by nothing', () => {
        assert.deepEqual(hotspotsOf(documentOf(['a'], 0, [['O', 0, 0], ['C', 0, 0]])).rows.map(({share}) => share), [0]);
    });
});
