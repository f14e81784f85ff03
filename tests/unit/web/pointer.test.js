// SPDX-License-Identifier: MIT
// The position of a JSON Pointer in a JSON text: the text at that position parses to the value that the pointer names.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {describe, it} from 'node:test';

import {rangeOf} from '../../../web/page/pointer.js';
import {source} from '../../integration/support/process.js';

const cut = (text, pointer) => text.slice(...rangeOf(text, pointer));

/** Every value inside `value` with its pointer. */
function* everything(value, pointer = '') {
    yield [pointer, value];
    if (value !== null && typeof value === 'object') {
        for (const [name, inner] of Object.entries(value))
            yield* everything(inner, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    }
}

describe('a pointer', () => {
    const odd = {'': 1, 'a/b': [true, null, {'~': 'x"]}\\'}], '{"': {'\u00e9 \u{1f600}': [[], {}, [[-1.5e3]]]}, 'n': 'two\nlines, [not] {these}: "quoted"'};
    const karate = fs.readFileSync(source('fixtures', 'graphs', 'karate.json'), 'utf8');
    for (const [name, text] of Object.entries({'compact': JSON.stringify(odd), 'indented': JSON.stringify(odd, null, 3), 'with tabs and space around': `\n\t ${JSON.stringify(odd, null, '\t')}\r\n`, karate})) {
        it(`finds every value: ${name}`, () => {
            let count = 0;
            for (const [pointer, value] of everything(JSON.parse(text))) {
                assert.deepEqual(JSON.parse(cut(text, pointer)), value, pointer);
                count++;
            }
            assert.ok(count > 10);
        });
    }
    it('to what is not there leads to the innermost part that is', () => {
        const text = '{"edges": [{"source": "a"}], "n": 1}';
        assert.equal(cut(text, '/edges/0/target'), '{"source": "a"}');
        assert.equal(cut(text, '/edges/7'), '[{"source": "a"}]');
        assert.equal(cut(text, '/n/deep/er'), '1');
        assert.equal(cut(text, '/x'), text);
        assert.equal(cut(' 7 ', '/x'), '7');
    });
    it('does not mind depth or length', () => {
        const depth = 50_000;
        const text = `{"deep": ${'['.repeat(depth)}${']'.repeat(depth)}, "long": "${'\\"'.repeat(1 << 20)}", "last": 1}`;
        assert.equal(cut(text, '/last'), '1');
        assert.equal(cut(text, '/deep').length, 2 * depth);
    });
});
