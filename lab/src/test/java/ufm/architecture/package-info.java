/** The rules between modules and packages, checked on the compiled classes of all of them. */
package ufm.architecture;
