// SPDX-License-Identifier: MIT
// speedscope documents: every rule the app relies on, and the calls that a document tells of.
import assert from 'node:assert/strict';

const isCount = (value) => Number.isSafeInteger(value) && value >= 0;

function checkFrames(frames) {
    const seen = new Set();
    for (const frame of frames) {
        assert.deepEqual(Object.keys(frame).sort(), ['file', 'line', 'name'], 'a frame has name, file and line, and never a key');
        assert.equal(typeof frame.name, 'string');
        assert.equal(typeof frame.file, 'string');
        assert.ok(Number.isSafeInteger(frame.line) && frame.line > 0, `line ${frame.line}`);
        const identity = JSON.stringify([frame.name, frame.file, frame.line]);
        assert.ok(!seen.has(identity), `two frames are ${identity}`);
        seen.add(identity);
    }
}

/**
 * The calls of one evented profile in the order they began: {name, file, line, start, end, depth}. Fails on a close that
 * matches no open, on time that runs backwards and on what stays open.
 */
function callsOfProfile(profile, frames) {
    const calls = [];
    const open = [];
    let now = profile.startValue;
    for (const {type, frame, at} of profile.events) {
        assert.ok(at >= now, `time runs backwards: ${at} after ${now}`);
        now = at;
        if (type === 'O') {
            const call = {...frames[frame], start: at, end: null, depth: open.length};
            calls.push(call);
            open.push({call, frame});
        } else {
            const top = open.pop();
            assert.equal(type, 'C');
            assert.equal(frame, top?.frame, 'a close must match the innermost open');
            top.call.end = at;
        }
    }
    assert.deepEqual(open, []);
    assert.ok(now <= profile.endValue, 'an event after the end');
    return calls;
}

/** The calls of every profile of any speedscope document, the app's own export included. */
export const callsOf = (document) => document.profiles.map((profile) => callsOfProfile(profile, document.shared.frames));

const isCaption = (call, inner) => inner !== undefined && inner.depth === call.depth + 1 && inner.start === call.start &&
    inner.end === call.end && inner.file === call.file && inner.line === call.line &&
    [' failed: ', ' {'].some((then) => call.name.startsWith(inner.name + then));

/** The calls of one profile without the captions around them, which a document of ours has for notes and failures. */
export function withoutCaptions(calls) {
    const captions = [];
    return calls.flatMap((call, i) => {
        while (captions.at(-1)?.depth >= call.depth)
            captions.pop();
        if (isCaption(call, calls[i + 1])) {
            captions.push(call);
            return [];
        }
        return [{...call, depth: call.depth - captions.length}];
    });
}

/** Asserts every rule that a document of ours must keep, and returns its calls without captions, one array a profile. */
export function checkSpeedscope(document) {
    assert.equal(document.$schema, 'https://www.speedscope.app/file-format-schema.json');
    assert.match(document.exporter, /^glassbox@\d+\.\d+\.\d+/);
    assert.ok(document.profiles.length > 0);
    assert.equal(document.activeProfileIndex, 0);
    checkFrames(document.shared.frames);
    for (const profile of document.profiles) {
        assert.equal(profile.type, 'evented');
        assert.equal(profile.unit, 'nanoseconds');
        assert.equal(profile.startValue, 0);
        assert.equal(profile.endValue, document.profiles[0].endValue, 'profiles line up');
        assert.ok(profile.events.every(({at, frame}) => isCount(at) && isCount(frame) && frame < document.shared.frames.length));
    }
    return callsOf(document).map(withoutCaptions);
}
