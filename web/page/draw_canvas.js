// SPDX-License-Identifier: MIT
// Drawings that their libraries paint on a canvas: Cytoscape.js and vis-network, with the layout, style and options of
// the answer. Labels are painted, so they cannot become markup.
/* global cytoscape, vis */

/** The fallback layout for a layout name that Cytoscape.js does not know. */
const PLAIN_LAYOUT = {name: 'cose', animate: false};

function layoutOf(layout) {
    const known = layout && cytoscape('layout', layout.name);
    return known ? {...layout, animate: false} : PLAIN_LAYOUT;
}

export async function drawCytoscape(stage, {elements, layout, style}) {
    const container = document.createElement('div');
    container.className = 'paper';
    stage.append(container);
    const graph = cytoscape({container, elements, style, layout: layoutOf(layout), minZoom: 0.02, maxZoom: 8});
    graph.fit(undefined, 24);
    return {
        drawn: graph.nodes(':childless').length, // parents are clusters
        zoom: (factor) => graph.zoom({level: graph.zoom() * factor, renderedPosition: {x: graph.width() / 2, y: graph.height() / 2}}),
        fit() {
            graph.resize();
            graph.fit(undefined, 24);
        },
        pan: (x, y) => graph.panBy({x: -x, y: -y}),
        destroy: () => graph.destroy(),
    };
}

export async function drawVisjs(stage, {nodes, edges, options}, {signal}) {
    const container = document.createElement('div');
    container.className = 'paper';
    stage.append(container);
    const data = {nodes: new vis.DataSet(nodes), edges: new vis.DataSet(edges)};
    const graph = new vis.Network(container, data, {...options, autoResize: true});
    // vis-network runs the simulation in slices of its own. The drawing appears when the simulation has settled.
    await new Promise((done, fail) => {
        graph.once('afterDrawing', done);
        signal.addEventListener('abort', () => fail(signal.reason));
    });
    graph.once('stabilized', () => graph.fit());
    return {
        drawn: Object.keys(graph.getPositions()).length,
        zoom: (factor) => graph.moveTo({scale: graph.getScale() * factor}),
        fit: () => graph.fit(),
        pan(x, y) {
            const at = graph.getViewPosition();
            graph.moveTo({position: {x: at.x + x / graph.getScale(), y: at.y + y / graph.getScale()}});
        },
        destroy: () => graph.destroy(),
    };
}
