// A button at the corner of somebody's page that opens the chat in a frame.
(() => {
  const script = document.currentScript;
  const server = script.src.slice(0, script.src.indexOf("/embed/files/"));
  const button = document.createElement("button");
  const frame = document.createElement("iframe");
  const corner = "position:fixed;right:20px;z-index:2147483000;";
  button.type = "button";
  button.textContent = script.dataset.label || "Ask a question";
  button.setAttribute("aria-expanded", "false");
  button.style.cssText = `${corner}bottom:20px;padding:12px 18px;border:0;border-radius:99px;cursor:pointer;
    background:#4f46e5;color:#fff;font:600 15px system-ui,sans-serif;box-shadow:0 4px 16px rgb(0 0 0/25%)`;
  frame.title = script.dataset.label || "Ask a question";
  frame.hidden = true;
  frame.style.cssText = `${corner}bottom:76px;width:min(400px,calc(100vw - 40px));
    height:min(560px,calc(100vh - 110px));border:1px solid #c8c8d4;border-radius:12px;background:#fff`;
  button.addEventListener("click", () => {
    frame.hidden = !frame.hidden;
    button.setAttribute("aria-expanded", String(!frame.hidden));
    // Loaded when it is first wanted: a page that nobody asks anything costs nothing.
    if (!frame.src) frame.src = `${server}/embed/${encodeURIComponent(script.dataset.chat)}`;
  });
  const show = () => document.body.append(button, frame);
  if (document.body) show();
  else addEventListener("DOMContentLoaded", show);
})();
