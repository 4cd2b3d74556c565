import 'fast-check'; // wall: no-dev-dependency
import 'ajv'; // wall: no-undeclared-dependency
import './not-there.js'; // wall: no-dangling-import
import 'not-installed'; // wall: no-dangling-import
