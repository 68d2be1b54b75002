import { mount } from "svelte";

import App from "./App.svelte";
import { isSupported } from "./supported";
import SelfTest from "./selftest/SelfTest.svelte";
import Unsupported from "./views/Unsupported.svelte";
import "./style.css";

const target = document.getElementById("app");
const page = location.pathname === "/selftest" ? SelfTest : App;
if (target) mount(isSupported(window) ? page : Unsupported, { target });
