// Every flow, in one process: they share one demo, which takes longer to make than a flow takes to run.
import "./daily.mjs";
import "./phone.mjs";
import "./lists.mjs";
import "./figures.mjs";
import "./hostile.mjs";
import "./door.mjs";
import "./together.mjs";
import "./weight.mjs";
import "./away.mjs";
