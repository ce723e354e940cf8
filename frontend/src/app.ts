// Every behaviour is optional: pages read, link and post without any of this.
import { alive } from './alive.ts';
import { autosubmit } from './autosubmit.ts';
import { board } from './board.ts';
import { combo } from './combo.ts';
import { confirm } from './confirm.ts';
import { copy } from './copy.ts';
import { drafts } from './drafts.ts';
import { errors } from './errors.ts';
import { mail } from './mail.ts';
import { map } from './map.ts';
import { openMenus } from './menus.ts';
import { palette } from './palette.ts';
import { progress } from './progress.ts';
import { quiet } from './quiet.ts';
import { selectAll } from './select-all.ts';
import { session } from './session.ts';
import { shortcuts } from './shortcuts.ts';
import { submitGuards } from './submit.ts';
import { timer } from './timer.ts';
import { upload } from './upload.ts';

// Bundles of single pages (the editor) use the same helpers, and the one Trusted Types policy among them.
export { each, enhance, h, modal, parsePage } from './dom.ts';

document.documentElement.classList.add('js');

// Guards are asked in the order they are declared here: agree first, log in next.
confirm();
session();
submitGuards();

for (const start of [openMenus, palette, shortcuts, combo, drafts, autosubmit, progress, selectAll, copy, upload, map, mail, quiet, board, alive, timer, errors]) start();
