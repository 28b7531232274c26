/** What kind of critical point a point is: curvature with the gauge directions removed, escape directions, verdict (theory sheet F). */
package ufm.landscape;
