// SPDX-License-Identifier: MIT
// Checks that an answer in the documentation, which is shortened, contains only what the real answer contains.

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const kindOf = (value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

// What differs from run to run: ids and clocks.
const varying = new Set(['trace_id', 'started_at']);

/** Of several lists of faults the shortest one; undefined when there is none. */
const closest = (lists) => [...lists].sort((a, b) => a.length - b.length)[0];

/**
 * What `documented` says that `real` does not: every member must be there with the same type, every item must match one
 * of the real items, and a text must be the same, up to a final "...".
 */
export function shapeFaults(documented, real, at = '') {
    if (kindOf(documented) !== kindOf(real))
        return [`${at}: ${kindOf(documented)} instead of ${kindOf(real)}`];
    if (isObject(documented)) {
        return Object.entries(documented).flatMap(([key, value]) =>
            (Object.hasOwn(real, key) ? (varying.has(key) && typeof value === typeof real[key] ? [] : shapeFaults(value, real[key], `${at}/${key}`)) : [`${at}/${key}: is not there`]));
    }
    if (Array.isArray(documented))
        return documented.flatMap((item, i) => closest(real.map((other) => shapeFaults(item, other, `${at}/${i}`))) ?? [`${at}/${i}: there is no item`]);
    if (typeof documented === 'string')
        return (documented.endsWith(' ...') ? real.startsWith(documented.slice(0, -4)) : real === documented) ? [] : [`${at}: ${documented} instead of ${real}`];
    return typeof documented === 'boolean' && documented !== real ? [`${at}: ${documented} instead of ${real}`] : [];
}
