/** The subcommands of {@code ufm}, one class each: they read options, call the library and print. */
package ufm.lab.command;
