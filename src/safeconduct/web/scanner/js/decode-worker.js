/* Reads QR codes beside the page, so that it never stands still. Takes {id, image, hard, soft}, answers {id, text}. */
/* global ZXingWASM */
importScripts("../vendor/zxing-wasm/dist/iife/reader/index.js");

const wasm = new URL("../vendor/zxing-wasm/dist/reader/zxing_reader.wasm", self.location.href).href;
ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });

/* Each pixel becomes the mean of its neighbours: noise of a dark room and thin cracks of a glass go, modules stay. */
function soften({ data, width, height }) {
  const grey = new Uint16Array(width * height);
  for (let i = 0; i < grey.length; i += 1) grey[i] = data[4 * i] + 2 * data[4 * i + 1] + data[4 * i + 2];
  const rows = new Uint16Array(grey.length);
  for (let i = 1; i < grey.length - 1; i += 1) rows[i] = grey[i - 1] + grey[i] + grey[i + 1];
  for (let i = width; i < grey.length - width; i += 1) {
    const mean = (rows[i - width] + rows[i] + rows[i + width]) / 36;
    data[4 * i] = mean;
    data[4 * i + 1] = mean;
    data[4 * i + 2] = mean;
  }
}

self.onmessage = async ({ data: { id, image, hard, soft } }) => {
  let text = "";
  let error = "";
  try {
    if (soft) soften(image);
    const found = await ZXingWASM.readBarcodes(image, {
      formats: ["QRCode"],
      tryHarder: hard,
      tryRotate: true,
      tryInvert: hard,
      tryDownscale: true,
      maxNumberOfSymbols: 1,
      textMode: "Plain",
    });
    if (found.length) text = found[0].text;
  } catch (problem) {
    error = String(problem);
  }
  self.postMessage({ id, text, error });
};
