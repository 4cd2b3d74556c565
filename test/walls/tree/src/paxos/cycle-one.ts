import './cycle-two.js'; // wall: no-cycle
