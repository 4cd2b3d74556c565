import 'node:crypto'; // wall: no-io
