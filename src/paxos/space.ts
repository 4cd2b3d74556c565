/**
 * How much room the disk of a replica has. `short`: it accepts only values that may use the reserve. `spent`: much of the
 * reserve is gone, too, and what is left is for what the cell cannot do without. (DESIGN 3.11)
 */
export type Space = 'ample' | 'short' | 'spent';
