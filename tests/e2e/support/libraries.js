// SPDX-License-Identifier: MIT
// The real drawing libraries in a real browser: each draws an answer and says what came of it. No policy protects the
// page, so that what could execute would.
import fs from 'node:fs';
import http from 'node:http';

import {source} from '../../integration/support/process.js';
import {startBrowser, watch} from './browser.js';

const files = {
    '/d3.js': 'd3/dist/d3.min.js',
    '/cytoscape.js': 'cytoscape/dist/cytoscape.min.js',
    '/visjs.js': 'vis-network/standalone/umd/vis-network.min.js',
    '/mermaid.js': 'mermaid/dist/mermaid.min.js',
};
const blank = '<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,"><style>body{margin:0}#view{width:1200px;height:800px}</style><div id="view"></div>';

function serve() {
    const server = http.createServer((request, response) => {
        const file = files[request.url];
        response.writeHead(200, {'Content-Type': file ? 'text/javascript' : 'text/html'});
        response.end(file ? fs.readFileSync(source('tests', 'node_modules', file)) : blank);
    });
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** A browser with the libraries: draw(engine, answer) gives {nodes: [{id, label}], edges, drawn, trouble, screenshot}. */
export async function startLibraries() {
    const server = await serve();
    const origin = `http://127.0.0.1:${server.address().port}`;
    const browser = await startBrowser();

    /** A page with one library, and everything that happens on it. */
    async function open(engine) {
        const page = await browser.newPage({viewport: {width: 1200, height: 800}});
        page.setDefaultTimeout(120_000);
        const seen = watch(page, origin);
        const warnings = [];
        page.on('console', (message) => {
            if (message.type() === 'warning')
                warnings.push(message.text());
        });
        await page.goto(origin + '/');
        await page.addScriptTag({url: `/${engine}.js`});
        return {
            page,
            draw: (answer) => page.evaluate(drawings[engine], answer),
            screenshot: () => page.screenshot(),
            trouble: async () => ({
                errors: seen.errors, dialogs: seen.dialogs, strangers: seen.strangers,
                warnings: warnings.filter((text) => !noise.some((known) => text.includes(known))),
                hacked: await page.evaluate(() => [typeof window.hacked, ({}).polluted ?? null]),
            }),
            close: () => page.close(),
        };
    }
    return {
        open,
        async close() {
            await browser.close();
            server.closeAllConnections();
            await new Promise((resolve) => server.close(resolve));
        },
    };
}

export const CALM = {errors: [], dialogs: [], strangers: [], warnings: [], hacked: ['undefined', null]};

/* The browser's own remarks on how a canvas is used. */
const noise = ['willReadFrequently', 'GPU stall due to ReadPixels', 'GroupMarkerNotSet'];

/* Each runs in the page. */
const drawings = {
    d3({nodes, links, config}) {
        const d3 = window.d3;
        const [middleX, middleY] = [config.width / 2, config.height / 2];
        const link = d3.forceLink(links).id((node) => node.id).distance(config.link.distance).iterations(config.link.iterations);
        if (config.link.strength !== undefined)
            link.strength(config.link.strength);
        const simulation = d3.forceSimulation(nodes)
            .alpha(config.alpha).alphaMin(config.alphaMin).alphaDecay(config.alphaDecay).alphaTarget(config.alphaTarget).velocityDecay(config.velocityDecay)
            .force('link', link)
            .force('charge', d3.forceManyBody().strength(config.charge.strength).theta(config.charge.theta).distanceMin(config.charge.distanceMin).distanceMax(config.charge.distanceMax))
            .force('center', d3.forceCenter(config.center.x ?? middleX, config.center.y ?? middleY).strength(config.center.strength))
            .force('collide', d3.forceCollide(config.collide.radius).strength(config.collide.strength).iterations(config.collide.iterations))
            .force('x', d3.forceX(config.x.x ?? middleX).strength(config.x.strength))
            .force('y', d3.forceY(config.y.y ?? middleY).strength(config.y.strength))
            .stop().tick(nodes.length < 500 ? 200 : 3);
        const svg = d3.select('#view').html('').append('svg').attr('width', config.width).attr('height', config.height);
        svg.selectAll('line').data(simulation.force('link').links()).join('line').attr('stroke', '#999')
            .attr('x1', (d) => d.source.x).attr('y1', (d) => d.source.y).attr('x2', (d) => d.target.x).attr('y2', (d) => d.target.y);
        const marks = svg.selectAll('g').data(nodes).join('g').attr('transform', (d) => `translate(${d.x},${d.y})`);
        marks.append('circle').attr('r', 5);
        marks.append('text').attr('x', 7).text((d) => d.label);
        return {
            nodes: [...document.querySelectorAll('g')].map((mark, i) => ({id: nodes[i].id, label: mark.querySelector('text').textContent})),
            edges: document.querySelectorAll('line').length,
            drawn: nodes.filter(({x, y}) => Number.isFinite(x) && Number.isFinite(y)).length,
        };
    },
    async cytoscape({elements, layout, style}) {
        window.cy?.destroy();
        const cy = window.cy = window.cytoscape({container: document.getElementById('view'), elements, style, layout: {name: 'preset'}});
        const run = cy.layout(layout);
        const done = run.promiseOn('layoutstop');
        run.run();
        await done;
        cy.fit();
        await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
        const nodes = cy.nodes(':childless');
        return {
            nodes: nodes.map((node) => ({id: node.id(), label: node.style('label'), parent: node.parent().map((box) => box.style('label'))[0]})),
            edges: cy.edges().length,
            edgeLabels: cy.edges().map((edge) => edge.style('label')),
            drawn: nodes.filter((node) => node.visible() && Object.values(node.boundingBox()).every(Number.isFinite)).length,
        };
    },
    async visjs({nodes, edges, options}) {
        window.network?.destroy();
        const network = window.network = new window.vis.Network(document.getElementById('view'), {nodes: new window.vis.DataSet(nodes), edges: new window.vis.DataSet(edges)}, options);
        await new Promise((done) => network.once('afterDrawing', () => requestAnimationFrame(done)));
        network.fit();
        network.redraw();
        const ids = network.body.nodeIndices;
        const text = (body) => body.labelModule.lines.map(({blocks}) => blocks.map((block) => block.text).join('')).join(' ');
        return {
            nodes: ids.map((id) => ({id, label: text(network.body.nodes[id]), given: network.body.nodes[id].options.label, group: network.body.nodes[id].options.group})),
            edges: network.body.edgeIndices.filter((id) => network.body.edges[id].connected).length,
            edgeLabels: network.body.edgeIndices.map((id) => network.body.edges[id].options.label ?? ''),
            drawn: ids.filter((id) => Object.values(network.getBoundingBox(id)).every(Number.isFinite)).length,
        };
    },
    async mermaid({mermaid: text, initialize = {}}) {
        const view = document.getElementById('view');
        window.mermaid.initialize({startOnLoad: false, securityLevel: 'loose', htmlLabels: true, maxTextSize: 1e8, maxEdges: 1e6, ...initialize});
        const {svg} = await window.mermaid.render('drawing', text, view);
        view.innerHTML = svg;
        const nodes = [...view.querySelectorAll('g.node, g.rough-node')];
        const label = (element) => (element.querySelector('foreignObject, text')?.textContent ?? '');
        return {
            nodes: nodes.map((node) => ({id: node.id.replace(/^.*flowchart-(n\d+)-\d+$/, '$1'), label: label(node)})),
            edges: view.querySelectorAll('path.flowchart-link').length,
            edgeLabels: [...view.querySelectorAll('g.edgeLabel')].map(label),
            drawn: nodes.filter((node) => node.getBoundingClientRect().width > 0).length,
            clusters: [...view.querySelectorAll('g.cluster')].map((box) => box.textContent.trim()),
        };
    },
};
