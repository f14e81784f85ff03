// SPDX-License-Identifier: MIT
// HTML pages become the trees that browsers build: compared with parse5, an implementation of the same standard, on real
// pages and on made ones; and pages that are large in every way go through the service.
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';

import {seeded} from '../soak/clients.js';
import {post} from './support/client.js';
import {htmlBody, pages, readPage} from './support/input.js';
import {ourTrees, referenceTree} from './support/page_trees.js';
import {checkProblem} from './support/problem.js';
import {startGlassbox, stopGlassbox} from './support/process.js';

function compare(named) {
    const ours = ourTrees(named.map(({html}) => html));
    assert.equal(ours.length, named.length);
    named.forEach(({name, html}, i) => assert.equal(ours[i], referenceTree(html), name));
}

const STARTS = ['', '', ' ', '<!doctype html>', '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">', '<!doctype html system "about:legacy-compat">', '<!doctype>', '<html><head>', '<frameset>'];
const ELEMENTS = ('a address applet area article aside b base basefont bgsound big blockquote body br button caption center code col colgroup dd details dialog dir div dl dt em embed fieldset ' +
    'figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input keygen li link listing main marquee math menu meta nav nobr noembed ' +
    'noframes noscript object ol optgroup option p param plaintext pre rb rp rt rtc ruby s script section select small source span strike strong style sub summary sup svg table tbody td ' +
    'template textarea tfoot th thead title tr track tt u ul var wbr xmp mi mo mn ms mtext annotation-xml malignmark mglyph desc foreignObject clippath g path my-own Unknown').split(' ');
const ATTRIBUTES = ['', '', '', '', ' a', ' a=1', ' A=2 a=3', ' type=hidden', ' type="HIDDEN"', ' color=x', ' encoding="text/html"', ' viewbox=1', " x='&amp;&ampx&lt&#39;'", ' definitionurl=1',
    ' xlink:href=1', ' @b:c', ' [d]=(e)', ' "f\'g<', ' =h', '/', ' /i', ' j = k', ' l="', " m='n"];
const PIECES = ['x', 'x y', ' ', '\n', '\r\n', '\r', '\t', '&amp;', '&ampx', '&notit;', '&#0;', '&#x80', '&#xD800;', '&#65', '&#;', '&', '\0', 'x\0', '<', '</', '</>', '<!---->', '<!-- x -->', '<!-->', '<!--->', '<!--x--!>',
    '<!--<!-->', '<!x>', '<?x>', '</ x>', '<!doctype x>', ']]>', '-->', '\u00e9', '\u{1F600}', '</body>', '</html>'];

/** Pages on which a single limit or condition of the standard shows, one that pages by chance seldom meet. */
const RULES = ['<noscript></br>a', `<b>${'<div>'.repeat(10)}</b>a`, '<b><i><u><s><tt><em><p>a</b>b</p>c<p>d', '<u><b><i><s><tt><em><big><p></b></u>a</p>b', '<template><table><form><input>',
    '<table><td><template><select><template></template><tr><td>a', '<template><table>a', '<template><div><template><tr></tr></template><td>a', '<a>1<table><a>2</a></table>3',
    '<math><annotation-xml><svg><foreignobject>', '<i><frameset></frameset></html>a ', '<svg></html>a<!--x-->b', '<svg><desc>a</html><!--x-->b', '<table><p></body><tr>a', '<p><b><b><b><b><p>a'];

/** A page of tags that need not fit together, from few elements or from all. */
function soup(random) {
    const pick = (list) => list[random(list.length)];
    const few = random(2) === 0 ? ELEMENTS : Array.from({length: 5}, () => pick(ELEMENTS));
    const parts = Array.from({length: 1 + random(30)}, () => {
        const kind = random(10);
        return kind < 5 ? `<${pick(few)}${pick(ATTRIBUTES)}>` : kind < 8 ? `</${pick(few)}>` : pick(PIECES);
    });
    return pick(STARTS) + parts.join('');
}

describe('the tree of a page is that of another parser', () => {
    it('for every page of sqlite3-doc', () => compare(pages().map(({name}) => ({name, html: readPage(name)}))));
    it('for pages of tags in any order', () => {
        const random = seeded(5);
        compare(Array.from({length: 6000}, () => soup(random)).map((html) => ({name: JSON.stringify(html), html})));
    });
    it('for pages that each turn on one rule', () => compare(RULES.map((html) => ({name: html, html}))));
    it('for real pages with a part cut out or doubled', () => {
        const random = seeded(11);
        const small = pages().filter(({bytes}) => bytes < 12000).map(({name}) => readPage(name));
        compare(Array.from({length: 150}, () => {
            const html = small[random(small.length)];
            const [from, to] = [random(html.length), random(html.length)];
            const name = `cut from ${from} to ${to}: ${html.slice(0, 60)}`;
            return {name, html: html.slice(0, from) + html.slice(to)};
        }));
    });
    it('for references, comments and attributes at every place of a block', () => {
        const places = [...Array(70).keys()].flatMap((i) => [i, 3970 + i, 4070 + i, 8160 + i, 65500 + i]);
        compare(places.map((dots) => ({name: `${dots} dots`, html: `${'.'.repeat(dots)}<p title='it&#39;s&hellip;' class=x>it&#x27;s<!--x-->&hellip;\r\n<b></p>y`})));
    });
    it('for all named references, whole, without a semicolon and in an attribute', () => {
        const names = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'].flatMap((first) => [`&${first};`, `&${first}`]).concat(
            ['amp', 'lt', 'gt', 'quot', 'not', 'notin', 'notinva', 'copy', 'copysr', 'AMP', 'hearts', 'CounterClockwiseContourIntegral', 'there4', 'sup', 'sup1', 'supe', 'frac12', 'frac78', 'nGtv', 'NotEqualTilde',
                'ThickSpace', 'bne', 'fjlig', 'Tab', 'NewLine', 'lbrace', 'period', 'apos', 'nbsp', 'shy', 'zwj'].flatMap((name) => [`&${name};`, `&${name}`, `&${name}x`, `&${name}=`]));
        compare([{name: 'names', html: names.map((name) => `<p t="${name}">${name}</p>`).join('')}]);
    });
});

describe('large pages go through the service', () => {
    let server;
    before(async () => (server = await startGlassbox()));
    after(() => stopGlassbox(server));
    const send = (html, engine = 'tree') => post(server, `/graph/from/html/to/${engine}/default`, htmlBody(html));
    const counted = async (html, nodes) => {
        const answer = await send(html);
        assert.equal(answer.status, 200, answer.text().slice(0, 300));
        assert.equal(answer.json().node_count, nodes);
    };
    const numbered = (count, text) => Array.from({length: count}, (_, i) => text(i)).join('');

    it('100,000 levels', () => counted('<div>'.repeat(100_000), 100_003));
    it('40,000 different elements', () => counted(numbered(40_000, (i) => `<x${i}></x${i}>`), 40_003));
    it('100,000 attributes of one element', () => counted(`<p ${numbered(100_000, (i) => `a${i}=1 `)}>`, 100_004));
    it('an attribute of 10 MB', () => counted(`<p id=${'x'.repeat(10_000_000)}>`, 5));
    it('a text of 10 MB', () => counted('x'.repeat(10_000_000), 4));
    it('100,000 misnested formatting elements', () => counted('<b><p>x</b></p>'.repeat(50_000), 200_003));
    it('formatting that would grow with the square of the page is refused, with the limit', async () => {
        const answer = await send(numbered(100_000, (i) => `<font size=${i}>`));
        checkProblem(answer, 422, '/graph_data/html');
        assert.match(answer.json().detail, /more than [0-9]+ steps, the limit for its length/);
    });
});
