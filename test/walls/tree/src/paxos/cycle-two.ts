import './cycle-one.js'; // wall: no-cycle
