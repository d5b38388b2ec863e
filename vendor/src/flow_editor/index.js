import base from "@vue-flow/core/dist/style.css?inline";
import minimap from "@vue-flow/minimap/dist/style.css?inline";
import { adopt } from "../shared/style.js";
import look from "./look.css?inline";
import FlowEditor from "./FlowEditor.vue";

adopt(base + minimap + look);

export default FlowEditor;
