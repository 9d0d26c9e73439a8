// The one script a page names: our modules, in the order they matter.
import "./theme.js";
import "./moves.js";
import "./time.js";
import "./keys.js";
import "./palette.js";
import "./toast.js";
import "./live.js";
import "./drop.js";
