// SPDX-License-Identifier: MIT
// Reads DOT as far as the service writes it: nodes, edges, their attributes, and subgraphs, whose nodes count with the rest.
import assert from 'node:assert/strict';

const TOKEN = /\s*(?:"((?:[^"\\]|\\[^])*)"|(->|--|[[\]{};,=+])|([^\s"[\]{};,=+>-]+(?:-(?![>-])[^\s"[\]{};,=+>-]*)*))/y;
const ENTITIES = {'&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"'};
const unescaped = (text) => text.replace(/\\(["\\])/g, '$1').replace(/&(amp|lt|gt|quot);/g, (entity) => ENTITIES[entity]);

/** The text as tokens: {name: ...} or {mark: ...}. A long name stands in pieces, "a" + "b". */
function* tokens(text) {
    TOKEN.lastIndex = 0;
    for (let at = 0; text.slice(at).trim() !== ''; at = TOKEN.lastIndex) {
        const match = TOKEN.exec(text);
        assert.ok(match, `no DOT at ${at}: ${text.slice(at, at + 60)}`);
        const [, quoted, mark, bare] = match;
        yield mark !== undefined ? {mark} : {name: quoted !== undefined ? unescaped(quoted) : bare};
    }
}

function joined(all) {
    const whole = [];
    let plus = false;
    for (const token of all) {
        if (token.mark === '+')
            plus = true;
        else if (plus)
            [whole.at(-1).name, plus] = [whole.at(-1).name + token.name, false];
        else
            whole.push(token);
    }
    return whole;
}

/** {nodes: [{id, attributes, cluster}], edges: [{source, target, attributes}]} in the order of the text; ids need no escapes. */
export function parseDot(text) {
    const all = joined(tokens(text));
    const nodes = [];
    const edges = [];
    const clusters = [];
    let at = 0;
    const is = (mark) => all[at]?.mark === mark;
    const take = (mark) => is(mark) && Boolean(++at);
    const name = () => {
        assert.ok(all[at]?.name !== undefined, `a name is due at token ${at}, not ${all[at]?.mark}`);
        return all[at++].name;
    };
    const readAttributes = () => {
        const attributes = {};
        while (take('[')) {
            while (!take(']')) {
                const key = name();
                assert.ok(take('='), `${key} has no value`);
                attributes[key] = name();
                take(',') || take(';');
            }
        }
        return attributes;
    };
    const readStatement = () => {
        const first = name();
        if (first === 'subgraph') {
            clusters.push(name());
            readBlock();
            clusters.pop();
        } else if (take('=')) {
            name();
        } else if (take(link)) {
            edges.push({source: first, target: name(), attributes: readAttributes()});
        } else {
            const attributes = readAttributes();
            if (!['graph', 'node', 'edge'].includes(first))
                nodes.push({id: first, attributes, cluster: clusters.at(-1)});
        }
    };
    const readBlock = () => {
        assert.ok(take('{'));
        while (!take('}')) {
            readStatement();
            while (take(';'));
        }
    };
    const link = {graph: '--', digraph: '->'}[name()];
    assert.ok(link !== undefined, 'neither a graph nor a digraph');
    if (!is('{'))
        name();
    readBlock();
    assert.equal(at, all.length, 'something follows the graph');
    return {nodes, edges};
}
