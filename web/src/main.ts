import { mount } from "svelte";

import App from "./App.svelte";
import { isSupported } from "./supported";
import Unsupported from "./views/Unsupported.svelte";
import "./style.css";

const target = document.getElementById("app");
if (target) mount(isSupported(window) ? App : Unsupported, { target });
