// SPDX-License-Identifier: MIT
// Medians, spreads and verdicts over the samples of a row.

function quantile(samples, q) {
    const sorted = [...samples].sort((a, b) => a - b);
    const at = (sorted.length - 1) * q;
    const low = Math.floor(at);
    return sorted[low] + (sorted[Math.ceil(at)] - sorted[low]) * (at - low);
}

export const median = (samples) => quantile(samples, 0.5);

// The median, and the quartiles as the spread: both ignore the odd round that the machine spoilt.
function summarise(samples) {
    return { median: median(samples), low: quantile(samples, 0.25), high: quantile(samples, 0.75) };
}

// Subject and reference of one round stand next to each other in time: their ratios are taken pair by pair.
function paired(row, operation) {
    return row.subject.samples.map((sample, i) => operation(sample, row.reference.samples[i]));
}

function measureOf(row) {
    if (!row.limit || row.limit.of === 'subject')
        return row.subject.samples;
    return paired(row, row.limit.of === 'ratio' ? (a, b) => a / b : (a, b) => a - b);
}

function worst(samples, limit) {
    return limit.at_most !== undefined ? Math.max(...samples) : Math.min(...samples);
}

// Adds to a row what its samples say. `met` is null without a promise.
function judge(row) {
    const judged = { ...row, subject: { ...row.subject, ...summarise(row.subject.samples) } };
    if (row.reference) {
        judged.reference = { ...row.reference, ...summarise(row.reference.samples) };
        judged.ratio = summarise(paired(row, (a, b) => a / b));
    }
    judged.met = null;
    if (row.limit) {
        judged.measured = summarise(measureOf(row));
        const judgedBy = row.limit.every_round ? worst(measureOf(row), row.limit) : judged.measured.median;
        judged.met = row.limit.at_most !== undefined ? judgedBy <= row.limit.at_most : judgedBy >= row.limit.at_least;
    }
    return judged;
}

export { judge, quantile, summarise };
