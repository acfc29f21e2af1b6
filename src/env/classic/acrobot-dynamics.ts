const gravity = 9.8; // m/s²
const mass = 1; // of each link, kg
/** Of each link, in metres. */
export const linkLength = 1;
const toCentre = 0.5; // from a link's joint to its centre of mass, m
const inertia = 1; // of each link about its centre of mass, kg m²

/**
 * The angular accelerations of both joints, by the equations of Sutton & Barto's book (Gymnasium's `book` variant).
 * @param theta1 the first link from hanging down, rad
 * @param theta2 the second link from the first, rad
 * @param torque between the links, N m
 * @param out element 2 and 3 receive the accelerations, rad/s²
 */
export function accelerations(
  theta1: number,
  theta2: number,
  omega1: number,
  omega2: number,
  torque: number,
  out: Float64Array,
): void {
  const cos2 = Math.cos(theta2);
  const sin2 = Math.sin(theta2);
  const reach = mass * linkLength * toCentre;
  const d1 =
    mass * toCentre ** 2 +
    mass * (linkLength ** 2 + toCentre ** 2 + 2 * linkLength * toCentre * cos2) +
    2 * inertia;
  const d2 = mass * (toCentre ** 2 + linkLength * toCentre * cos2) + inertia;
  // Published as the cosine of the angle less a quarter turn, which is its sine.
  const phi2 = mass * toCentre * gravity * Math.sin(theta1 + theta2);
  const phi1 =
    -reach * (omega2 * omega2) * sin2 -
    2 * reach * omega2 * omega1 * sin2 +
    (mass * toCentre + mass * linkLength) * gravity * Math.sin(theta1) +
    phi2;
  const acceleration2 =
    (torque + (d2 / d1) * phi1 - reach * (omega1 * omega1) * sin2 - phi2) /
    (mass * toCentre ** 2 + inertia - (d2 * d2) / d1);
  out[2] = -(d2 * acceleration2 + phi1) / d1;
  out[3] = acceleration2;
}
