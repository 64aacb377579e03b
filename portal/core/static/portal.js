/* Small improvements on pages that work without them. */
"use strict";
