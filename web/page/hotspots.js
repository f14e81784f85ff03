// SPDX-License-Identifier: MIT
// Computes where the time of a trace went from its speedscope document. The figures equal the hotspots of the summary.

/**
 * The figures of one frame over all threads. `open` counts its open calls, so that recursion counts only once in the
 * total.
 */
const newRow = ({name, file, line}) => ({name, file, line, calls: 0, selfNs: 0, totalNs: 0, open: 0});

/** Adds the calls of an evented profile to the rows, one row per frame. */
function addProfile(profile, rows) {
    const stack = [];
    for (const {type, frame, at} of profile.events) {
        if (type === 'O') {
            stack.push({at, insideNs: 0});
            rows[frame].open++;
            continue;
        }
        const call = stack.pop();
        const row = rows[frame];
        const durationNs = at - call.at;
        row.calls++;
        row.selfNs += durationNs - call.insideNs;
        if (--row.open === 0)
            row.totalNs += durationNs;
        if (stack.length > 0)
            stack.at(-1).insideNs += durationNs;
    }
}

/**
 * The rows without captions: frames around single calls of a function, which tell a failure or notes and have no time of
 * their own. Their names begin with that of the function.
 */
function withoutCaptions(rows) {
    const whereOf = ({file, line}) => `${line} ${file}`;
    const names = new Map();
    for (const row of rows)
        names.set(whereOf(row), [...names.get(whereOf(row)) ?? [], row.name]);
    return rows.filter((row) => row.selfNs > 0 || !names.get(whereOf(row)).some((name) =>
        [' failed: ', ' {'].some((then) => row.name.startsWith(name + then))));
}

/**
 * The figures of a document: {name, durationNs, spanCount, threadCount, rows: [{name, file, line, calls, selfNs,
 * totalNs, share}]}, sorted by self time.
 */
export function hotspotsOf(document) {
    const rows = document.shared.frames.map(newRow);
    for (const profile of document.profiles)
        addProfile(profile, rows);
    const selfNs = rows.reduce((sum, row) => sum + row.selfNs, 0);
    const called = withoutCaptions(rows.filter(({calls}) => calls > 0));
    return {
        name: document.name,
        durationNs: document.profiles[0].endValue - document.profiles[0].startValue,
        spanCount: called.reduce((sum, {calls}) => sum + calls, 0),
        threadCount: document.profiles.length,
        rows: called.map(({open, ...row}) => ({...row, share: selfNs === 0 ? 0 : row.selfNs / selfNs})).sort((a, b) => b.selfNs - a.selfNs),
    };
}
